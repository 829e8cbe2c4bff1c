package org.penstock.core.internal.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.TransmitWaiter;
import org.penstock.core.internal.ip.Waiters;
import org.penstock.core.internal.wire.TcpHeader;

/** IP that writes segments down instead of sending them. */
final class FakeOutput implements PacketOutput {

  /** A segment that TCP sent. */
  record Sent(
      long at,
      IpAddress local,
      IpAddress remote,
      TcpHeader header,
      byte[] text,
      int gsoSize,
      int ecn,
      int dscp,
      int timeToLive) {
    int end() {
      return header.sequence() + text.length + Integer.bitCount(header.flags() & 3);
    }
  }

  final Queue<Sent> sent = new ArrayDeque<>();
  private final LongSupplier clock;
  private final MemorySegment block = Arena.ofAuto().allocate(128);
  private final Packet packet = new Packet();
  final Waiters waiters = new Waiters();
  private @Nullable Path path;
  int mtu = 1500;
  private int known = Integer.MAX_VALUE;
  int segmentation;
  long generation;
  Outcome outcome = Outcome.SENT;
  boolean routed = true;

  /** Ways that TCP got no answers by. */
  final List<Path> doubted = new ArrayList<>();

  /** The link's directed broadcast address. */
  final IpAddress broadcast = IpAddress.parse("192.0.2.255");

  FakeOutput(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public @Nullable Path route(IpAddress local, IpAddress remote) {
    int fits = Math.min(mtu, known);
    boolean everyStation = remote.equals(broadcast);
    return routed
        ? new Path(0, local, remote, remote, fits, mtu, false, everyStation, generation)
        : null;
  }

  @Override
  public boolean isCurrent(Path known) {
    return known.generation() == generation;
  }

  @Override
  public int segmentation(Path known) {
    return segmentation;
  }

  @Override
  public boolean tooBig(Path way, int told, int length) {
    if (told < 68 || told >= Math.min(mtu, known) || told >= length) {
      return false;
    }
    known = told;
    generation++;
    return true;
  }

  @Override
  public void doubt(Path way) {
    doubted.add(way);
  }

  @Override
  public OutboundPacket begin(Path way, int protocol, int transportHeader) {
    assert protocol == 6;
    path = way;
    packet.text.clear();
    packet.headerLength = transportHeader;
    packet.gso = 0;
    packet.ecn = 0;
    packet.dscp = 0;
    packet.timeToLive = 64;
    return packet;
  }

  @Override
  public Outcome end(@Nullable TransmitWaiter waiter) {
    if (outcome == Outcome.BLOCKED && waiter != null) {
      waiters.add(waiter);
    }
    if (outcome != Outcome.SENT) {
      return outcome;
    }
    int length = packet.text.stream().mapToInt(piece -> piece.length).sum();
    byte[] text = new byte[length];
    int at = 0;
    for (byte[] piece : packet.text) {
      System.arraycopy(piece, 0, text, at, piece.length);
      at += piece.length;
    }
    TcpHeader header = TcpHeader.parse(block, Packet.TRANSPORT, packet.headerLength);
    sent.add(
        new Sent(
            clock.getAsLong(),
            path.local(),
            path.remote(),
            header,
            text,
            packet.gso,
            packet.ecn,
            packet.dscp,
            packet.timeToLive));
    return outcome;
  }

  private final class Packet implements OutboundPacket {
    static final int TRANSPORT = 34;
    final List<byte[]> text = new ArrayList<>();
    int headerLength;
    int gso;
    int ecn;
    int dscp;
    int timeToLive;

    @Override
    public MemorySegment header() {
      return block;
    }

    @Override
    public int transport() {
      return TRANSPORT;
    }

    @Override
    public void payload(MemorySegment segment, long offset, int length) {
      text.add(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void ecn(int codepoint) {
      ecn = codepoint;
    }

    @Override
    public void dscp(int codepoint) {
      dscp = codepoint;
    }

    @Override
    public void timeToLive(int hops) {
      timeToLive = hops;
    }

    @Override
    public void dontFragment(boolean refuse) {}

    @Override
    public void segment(int segmentSize) {
      gso = segmentSize;
    }
  }
}
