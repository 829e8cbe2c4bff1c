package org.penstock.service.iperf3;

/**
 * What a test is to do, as the client asks for it; {@link #DEFAULT} for most.
 *
 * @param udp true for datagrams, false for TCP
 * @param direction who sends
 * @param parallel streams in each direction, 1 to 128
 * @param seconds how long, 0 if {@code bytes} says when it ends
 * @param bytes how much all streams of a direction carry together, 0 for no limit
 * @param omitSeconds how long at the beginning does not count
 * @param length bytes of a write (TCP) or of a datagram (UDP), 0 for the protocol's default
 * @param bitsPerSecond most bits a second of each stream, 0 for no limit
 * @param window bytes of the send and receive buffers, 0 for the stack's default
 * @param noDelay true to send small segments at once
 */
public record Iperf3Settings(
    boolean udp,
    Direction direction,
    int parallel,
    int seconds,
    long bytes,
    int omitSeconds,
    int length,
    long bitsPerSecond,
    int window,
    boolean noDelay) {

  /** Who sends. */
  public enum Direction {
    /** The client. */
    FORWARD,
    /** The server. */
    REVERSE,
    /** Both. */
    BIDIRECTIONAL
  }

  /** Most streams in each direction, as iperf3 has it. */
  public static final int MOST_PARALLEL = 128;

  /** Longest write in bytes, as iperf3 has it. */
  public static final int MOST_LENGTH = 1 << 20;

  /** Longest datagram in bytes over IPv4. */
  public static final int MOST_DATAGRAM = 65_507;

  /** Shortest datagram in bytes: what iperf3 writes in front of it. */
  public static final int LEAST_DATAGRAM = 16;

  /** Longest test, and longest omission, in seconds. */
  public static final int MOST_SECONDS = 86_400;

  private static final int LONGEST_OMISSION = 600;
  private static final int TCP_LENGTH = 128 * 1024;

  /** Fits an Ethernet frame together with every option that TCP may carry, as in iperf3. */
  private static final int UDP_LENGTH = 1448;

  /** What iperf3 takes for UDP when nobody says how fast. */
  private static final long UDP_BITS_PER_SECOND = 1 << 20;

  /** Ten seconds of TCP from the client to the server over one connection. */
  public static final Iperf3Settings DEFAULT =
      new Iperf3Settings(false, Direction.FORWARD, 1, 10, 0, 0, 0, 0, 0, false);

  /** Refuses what no test can be; the message names the value and what is allowed. */
  public Iperf3Settings {
    check("parallel", parallel, 1, MOST_PARALLEL);
    check("seconds", seconds, 0, MOST_SECONDS);
    check("bytes", bytes, 0, Long.MAX_VALUE);
    check("omitSeconds", omitSeconds, 0, LONGEST_OMISSION);
    check("bitsPerSecond", bitsPerSecond, 0, Long.MAX_VALUE);
    check("window", window, 0, Integer.MAX_VALUE);
    if (length != 0 || !udp) {
      check("length", length, udp ? LEAST_DATAGRAM : 0, udp ? MOST_DATAGRAM : MOST_LENGTH);
    }
    if (length == 0) {
      length = udp ? UDP_LENGTH : TCP_LENGTH;
    }
  }

  private static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " " + value + " is not between " + least + " and " + most);
    }
  }

  /** The same by datagrams, at iperf3's 1 Mbit/s if this has no rate. */
  public Iperf3Settings overUdp() {
    return new Iperf3Settings(
        true,
        direction,
        parallel,
        seconds,
        bytes,
        omitSeconds,
        0,
        bitsPerSecond == 0 ? UDP_BITS_PER_SECOND : bitsPerSecond,
        window,
        noDelay);
  }

  /** The same in another direction. */
  public Iperf3Settings withDirection(Direction other) {
    return new Iperf3Settings(
        udp, other, parallel, seconds, bytes, omitSeconds, length, bitsPerSecond, window, noDelay);
  }

  /** The same with another number of streams in each direction. */
  public Iperf3Settings withParallel(int streams) {
    return new Iperf3Settings(
        udp,
        direction,
        streams,
        seconds,
        bytes,
        omitSeconds,
        length,
        bitsPerSecond,
        window,
        noDelay);
  }

  /** The same for that long. */
  public Iperf3Settings withSeconds(int time) {
    return new Iperf3Settings(
        udp, direction, parallel, time, 0, omitSeconds, length, bitsPerSecond, window, noDelay);
  }

  /** The same until so many bytes were carried, however long that takes. */
  public Iperf3Settings withBytes(long total) {
    return new Iperf3Settings(
        udp, direction, parallel, 0, total, omitSeconds, length, bitsPerSecond, window, noDelay);
  }

  /** The same with a beginning that does not count. */
  public Iperf3Settings withOmitSeconds(int time) {
    return new Iperf3Settings(
        udp, direction, parallel, seconds, bytes, time, length, bitsPerSecond, window, noDelay);
  }

  /** The same with another length of writes or datagrams, 0 for the default. */
  public Iperf3Settings withLength(int octets) {
    return new Iperf3Settings(
        udp,
        direction,
        parallel,
        seconds,
        bytes,
        omitSeconds,
        octets,
        bitsPerSecond,
        window,
        noDelay);
  }

  /** The same at another rate of each stream, 0 for no limit. */
  public Iperf3Settings withBitsPerSecond(long rate) {
    return new Iperf3Settings(
        udp, direction, parallel, seconds, bytes, omitSeconds, length, rate, window, noDelay);
  }

  /** The same with other buffers, 0 for the stack's default. */
  public Iperf3Settings withWindow(int octets) {
    return new Iperf3Settings(
        udp,
        direction,
        parallel,
        seconds,
        bytes,
        omitSeconds,
        length,
        bitsPerSecond,
        octets,
        noDelay);
  }

  /** The same with Nagle's algorithm on or off. */
  public Iperf3Settings withNoDelay(boolean on) {
    return new Iperf3Settings(
        udp, direction, parallel, seconds, bytes, omitSeconds, length, bitsPerSecond, window, on);
  }

  /** Streams of both directions together. */
  public int streams() {
    return direction == Direction.BIDIRECTIONAL ? 2 * parallel : parallel;
  }
}
