package org.penstock.service.iperf3.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.DatagramIndication;

/** Where a server's connections and datagrams come in: leads each to the test that it is of. */
public final class Reception {

  /** How a server's address for datagrams is opened. */
  public static final AddressOptions DATAGRAMS = UdpStream.OPTIONS;

  private final Client client;
  private @Nullable ServerTest present;
  private @Nullable Iperf3Report lastReport;
  private long tests;

  /** A reception without a test. */
  public Reception(Client client) {
    this.client = client;
  }

  /** Tests that were run to their end. */
  public synchronized long tests() {
    return tests;
  }

  /** What the last one has measured, null before the first. */
  public synchronized @Nullable Iperf3Report lastReport() {
    return lastReport;
  }

  /** A datagram has arrived. */
  public void received(AddressFile file, DatagramIndication datagram) {
    ServerTest test = present();
    if (test != null) {
      test.received(file, datagram);
    }
  }

  /** Ends the present test. */
  public void close() {
    ServerTest test = present();
    if (test != null) {
      test.lost();
    }
  }

  private synchronized @Nullable ServerTest present() {
    return present;
  }

  /** A connection has said its cookie. */
  void admit(Iperf3Session session, byte[] cookie) {
    ServerTest before = present();
    if (before != null && Arrays.equals(before.cookie(), cookie)) {
      before.joined(session);
    } else if (before != null && !before.isSilent()) {
      session.say((byte) ControlState.ACCESS_DENIED);
      session.leave();
    } else {
      if (before != null) {
        before.lost();
      }
      ServerTest test = new ServerTest(this, client, session, cookie);
      synchronized (this) {
        present = test;
      }
      session.controls(test);
      test.begin();
    }
  }

  /** A test is over. */
  synchronized void ended(ServerTest test, @Nullable Iperf3Report report) {
    if (present == test) {
      present = null;
    }
    if (report != null) {
      lastReport = report;
      tests++;
    }
  }
}
