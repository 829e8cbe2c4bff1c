package org.penstock.service.iperf3.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.DatagramIndication;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;

/**
 * A stream of datagrams. Each begins with when it was sent (seconds and microseconds) and its
 * number.
 */
final class UdpStream extends DataStream {

  /** What a client says first, so that the server knows its port, and what the server answers. */
  static final int HELLO = 0x3938_3736;

  static final int HELLO_REPLY = 0x3637_3839;

  /** Room for as many datagrams as come while a loaded machine lets no handler run. */
  static final AddressOptions OPTIONS = AddressOptions.DEFAULT.withDatagramBytes(4 << 20);

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int MICROS_AT = 4;
  private static final int NUMBER_AT = 8;
  private static final int OUTSTANDING = 64;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1000;
  private static final double MICROS_PER_SECOND = 1e6;

  private final AddressFile file;
  private final TransportAddress remote;
  private final Runnable closing;
  private final Datagram[] datagrams = new Datagram[OUTSTANDING];
  private long number;

  /**
   * A stream.
   *
   * @param closing ends it
   */
  UdpStream(TestRun run, AddressFile file, TransportAddress remote, Runnable closing) {
    super(run);
    this.file = file;
    this.remote = remote;
    this.closing = closing;
    for (int i = 0; i < OUTSTANDING; i++) {
      datagrams[i] = new Datagram(run.settings().length());
    }
  }

  /** A datagram of the octets that the other end begins with. */
  static MemorySegment greeting(int word) {
    MemorySegment octets = MemorySegment.ofArray(new byte[Integer.BYTES]);
    octets.set(INT, 0, word);
    return octets;
  }

  /** Whether a datagram is a client's first on a stream: one word, whichever its version says. */
  static boolean isGreeting(DatagramIndication datagram) {
    return datagram.length() == Integer.BYTES;
  }

  /** A datagram has arrived. */
  void received(DatagramIndication datagram) {
    boolean wide = run().wideCounters();
    if (datagram.length() < NUMBER_AT + (wide ? Long.BYTES : Integer.BYTES)
        || !run().isCounting()) {
      return;
    }
    MemorySegment octets = datagram.segment();
    long at = datagram.offset();
    double sent =
        Integer.toUnsignedLong(octets.get(INT, at))
            + octets.get(INT, at + MICROS_AT) / MICROS_PER_SECOND;
    long counted =
        wide
            ? octets.get(LONG, at + NUMBER_AT)
            : Integer.toUnsignedLong(octets.get(INT, at + NUMBER_AT));
    meter().countReceived(run().runtime().nanoTime(), datagram.length(), counted, sent);
  }

  @Override
  void sendDue(long nowNanos) {
    int length = run().settings().length();
    for (Datagram datagram : datagrams) {
      if (datagram.request.isPending()) {
        continue;
      }
      if (allowance(nowNanos) < length || run().claim(length) == 0) {
        return;
      }
      issued(length);
      datagram.send();
    }
  }

  @Override
  long retransmits() {
    return Exchange.UNKNOWN;
  }

  @Override
  TransportAddress local() {
    return file.local();
  }

  @Override
  TransportAddress remote() {
    return remote;
  }

  @Override
  void close() {
    closing.run();
  }

  private final class Datagram {
    private final MemorySegment octets;
    private final Request request = Request.of(this::sent);

    Datagram(int length) {
      octets = MemorySegment.ofArray(new byte[length]);
    }

    void send() {
      long now = run().runtime().nanoTime();
      octets.set(INT, 0, (int) (now / NANOS_PER_SECOND));
      octets.set(INT, MICROS_AT, (int) (now % NANOS_PER_SECOND / NANOS_PER_MICRO));
      number++;
      if (run().wideCounters()) {
        octets.set(LONG, NUMBER_AT, number);
      } else {
        octets.set(INT, NUMBER_AT, (int) number);
      }
      file.sendDatagram(request, remote, octets, 0, octets.byteSize());
    }

    /** Also of one that was dropped for want of room: it is part of the load, and is missed. */
    private void sent(Request ended, Status status, long count) {
      if (run().isRunning() && status != Status.CANCELLED) {
        meter().countSent(run().runtime().nanoTime(), octets.byteSize());
        if (run().settings().bitsPerSecond() == 0) {
          run().wakePacer();
        }
      }
    }
  }
}
