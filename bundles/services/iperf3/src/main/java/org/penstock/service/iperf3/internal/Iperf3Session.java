package org.penstock.service.iperf3.internal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.service.Session;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ReceiveIndication;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;

/**
 * A connection to an iperf3 server. Its first octets, the cookie, say what it is: a test's control
 * connection, or one of its streams.
 */
public final class Iperf3Session extends Session {

  private static final AtomicLong ACCEPTED = new AtomicLong();

  private final Reception reception;
  private final long order = ACCEPTED.incrementAndGet();
  private final ControlInput input = new ControlInput();
  private volatile @Nullable ServerTest controlled;
  private volatile @Nullable TcpStream stream;

  /** A connection of a server's. */
  public Iperf3Session(Reception reception) {
    this.reception = reception;
  }

  /** What its server's receive event calls. */
  public static void receivedAt(ConnectionEndpoint endpoint, ReceiveIndication data) {
    if (endpoint.context() instanceof Iperf3Session session) {
      session.received(data);
    }
  }

  @Override
  protected void begin() {
    // The client speaks first.
  }

  private void received(ReceiveIndication data) {
    TcpStream load = stream;
    if (load != null) {
      load.received(data);
      return;
    }
    input.feed(data.segment(), data.offset(), data.length());
    data.took(data.length());
    if (controlled == null) {
      byte[] cookie = input.take(ControlInput.COOKIE);
      if (cookie == null) {
        return;
      }
      reception.admit(this, cookie);
    }
    ServerTest test = controlled;
    if (test != null) {
      test.arrived(input.takeAll());
    }
  }

  @Override
  protected void peerReleased() {
    ServerTest test = controlled;
    if (test != null) {
      test.lost();
    }
    finish();
  }

  @Override
  protected void ended() {
    ServerTest test = controlled;
    if (test != null) {
      test.lost();
    }
  }

  /** Which of a server's connections it is, in the order of their acceptance. */
  long order() {
    return order;
  }

  /** It controls this test. */
  void controls(ServerTest test) {
    controlled = test;
  }

  /** It carries a stream of this test. */
  TcpStream carries(TestRun run) {
    Iperf3Settings settings = run.settings();
    if (settings.noDelay() || settings.window() > 0) {
      endpoint()
          .configure(Request.of((request, status, count) -> {}), TcpStream.settings(settings));
    }
    TcpStream load = new TcpStream(run, endpoint(), this::end);
    stream = load;
    return load;
  }

  /** The other end, null if it is gone. */
  @Nullable TransportAddress remote() {
    return endpoint().info().remote();
  }

  /** Says something on the control connection. */
  void say(byte... octets) {
    endpoint()
        .send(
            Request.of((request, status, count) -> succeeded(status)),
            MemorySegment.ofArray(octets),
            0,
            octets.length,
            SendFlags.NONE);
  }

  /** Ends in order, behind what was said. */
  void leave() {
    finish();
  }
}
