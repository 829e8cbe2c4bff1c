package org.penstock.core.internal.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.icmp.IcmpErrors;
import org.penstock.core.internal.icmp.IcmpLayer;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.raw.RawLayer;
import org.penstock.core.internal.stack.PortTable;
import org.penstock.core.internal.stack.StackContext;
import org.penstock.core.internal.udp.UdpLayer;
import org.penstock.testkit.packet.PacketBuilder;

/**
 * IP, ICMP and UDP of a stack with interfaces that record, in virtual time. Our address on {@code
 * net0} is 192.0.2.1/24, the gateway 192.0.2.254; the peer is 192.0.2.2.
 */
public final class TestNetwork {

  public static final MacAddress OUR_MAC = MacAddress.parse("02:00:00:00:00:01");
  public static final MacAddress PEER_MAC = MacAddress.parse("02:00:00:00:00:02");
  public static final MacAddress OTHER_MAC = MacAddress.parse("02:00:00:00:00:03");
  public static final IpAddress US = IpAddress.parse("192.0.2.1");
  public static final IpAddress PEER = IpAddress.parse("192.0.2.2");
  public static final IpAddress GATEWAY = IpAddress.parse("192.0.2.254");
  public static final IpAddress FAR = IpAddress.parse("198.51.100.7");
  public static final IpAddress ANY = IpAddress.ANY_IPV4;
  public static final long SECOND = 1_000_000_000L;

  public final FakeGate gate;
  public final FakeSlot slot = new FakeSlot(0);
  public final StackContext context;
  public final IpLayer ip;
  public final FakeTransport tcp;
  public final UdpLayer udp;
  public final IcmpLayer icmp;
  public final RawLayer raw;
  public final LinkInput input;
  private final Map<Integer, SlotLink> slots = new HashMap<>();

  /** A network of 8 cells with one interface. */
  public TestNetwork() {
    this(8);
  }

  /** A network with one interface. */
  public TestNetwork(int cells) {
    this(cells, 64 << 20);
  }

  /** A network with one interface and a limit of memory. */
  public TestNetwork(int cells, long memory) {
    gate = new FakeGate(cells);
    context =
        new StackContext(
            new StackBuilder("test").describe(),
            new StackContext.Secret(0x0123_4567_89ab_cdefL, 0x0f1e_2d3c_4b5a_6978L),
            gate.runtime().random(),
            new PortTable(gate.runtime().random()),
            new Buffers(memory));
    Cell[] all = gate.cellArray();
    ip = new IpLayer(context, gate, all, slots::get);
    tcp = new FakeTransport(cells);
    IcmpErrors errors = new IcmpErrors(ip);
    udp = new UdpLayer(ip, errors);
    icmp = new IcmpLayer(ip, errors, tcp, udp);
    raw = new RawLayer(ip);
    input = ip.connect(tcp, udp, icmp, raw);
    add(slot, GATEWAY, "192.0.2.1/24");
  }

  /** Adds an interface, or changes its addresses. */
  public void add(SlotLink link, @Nullable IpAddress gateway, String... addresses) {
    slots.put(link.number(), link);
    ip.tables().put(link, List.of(addresses).stream().map(IpPrefix::parse).toList(), gateway);
  }

  /** Removes an interface. */
  public void remove(SlotLink link) {
    slots.remove(link.number());
    ip.remove(link.number());
    gate.drain();
  }

  /** A frame from the peer to us. */
  public static PacketBuilder fromPeer() {
    return PacketBuilder.ethernet(PEER_MAC, OUR_MAC).ip(PEER, US);
  }

  /** Delivers a frame on {@code net0}; true if the landing was kept. */
  public boolean receive(byte[] frame) {
    return receive(slot, landing(frame));
  }

  /** Delivers a frame on {@code net0}. */
  public boolean receive(PacketBuilder frame) {
    return receive(frame.build());
  }

  /** Delivers a frame as a driver would: its home is found outside, then it is taken inside. */
  public boolean receive(SlotLink link, Landing landing) {
    int cell = input.cellOf(link, landing);
    boolean[] kept = new boolean[1];
    gate.in(cell, () -> kept[0] = input.frame(link, cell, landing, true));
    return kept[0];
  }

  /** A landing that ends where the frame does, so that whoever reads beyond it fails. */
  public static Landing landing(byte[] frame) {
    int headroom = 16;
    MemorySegment memory = Arena.ofAuto().allocate(headroom + frame.length);
    MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, headroom, frame.length);
    Landing landing = new Landing(memory, home -> {});
    landing.describe(headroom, frame.length, 0);
    return landing;
  }

  /** The same, of which the device says something. */
  public static Landing landing(byte[] frame, ChecksumState checksum) {
    Landing landing = landing(frame);
    landing.checksum(checksum);
    return landing;
  }

  /** Makes the peer's link address known, by an answer to our request. */
  public void resolvePeer() {
    resolve(PEER, PEER_MAC);
  }

  /** Makes a neighbour's link address known. */
  public void resolve(IpAddress address, MacAddress mac) {
    gate.in(
        0,
        () -> {
          Ipv4Output output = ip.output(0);
          Path path = ip.tables().path(ANY, address);
          output.begin(path, 253, 0);
          output.end(new RecordingWaiter());
        });
    receive(PacketBuilder.arpReply(mac, address, OUR_MAC, US));
    slot.take();
  }

  /** Sends a datagram of an experimental protocol from a cell. */
  public PacketOutput.Outcome send(
      int cell, IpAddress to, byte[] payload, @Nullable TransmitWaiter waiter) {
    PacketOutput.Outcome[] outcome = new PacketOutput.Outcome[1];
    gate.in(cell, () -> outcome[0] = sendInside(cell, to, payload, waiter));
    return outcome[0];
  }

  /** The same from inside the cell. */
  public PacketOutput.Outcome sendInside(
      int cell, IpAddress to, byte[] payload, @Nullable TransmitWaiter waiter) {
    Ipv4Output output = ip.output(cell);
    Path path = output.route(ANY, to);
    OutboundPacket packet = output.begin(path, 253, 0);
    packet.payload(offHeap(payload), 0, payload.length);
    return output.end(waiter);
  }

  /** A copy in off-heap memory. */
  public static MemorySegment offHeap(byte[] octets) {
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, octets.length));
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
    return memory;
  }

  /** A counter, over all cells. */
  public long count(Counter counter) {
    long total = 0;
    for (Cell cell : gate.cellArray()) {
      total += cell.counters().get(counter);
    }
    return total;
  }

  /** Drops that were counted in cells and not at an interface. */
  public long cellDrops(DropReason reason) {
    long total = 0;
    for (Cell cell : gate.cellArray()) {
      total += cell.counters().get(reason);
    }
    return total;
  }

  /** A waiter that remembers what it was told. */
  public static class RecordingWaiter extends TransmitWaiter {
    public int ready;
    public int failed;

    @Override
    protected void transmitReady() {
      ready++;
    }

    @Override
    protected void transmitFailed() {
      failed++;
    }
  }

  /** TCP, as far as IP is concerned. */
  public static final class FakeTransport implements Transport {
    public final List<String> received = new ArrayList<>();
    public final List<IcmpError> errors = new ArrayList<>();
    public final List<Landing> kept = new ArrayList<>();
    public boolean keeps;
    public long segments;
    public boolean recording = true;
    private final int mask;

    FakeTransport(int cells) {
      mask = cells - 1;
    }

    @Override
    public int cellOf(
        long sourceHigh,
        long sourceLow,
        int sourcePort,
        long destinationHigh,
        long destinationLow,
        int destinationPort) {
      return (int) Mix.of(sourceLow * 31 + sourcePort, destinationLow * 31 + destinationPort)
          & mask;
    }

    @Override
    public boolean input(int cell, InboundPacket packet) {
      segments++;
      if (recording) {
        received.add(
            packet.source()
                + " > "
                + packet.destination()
                + " "
                + packet.transportLength()
                + " bytes ttl "
                + packet.timeToLive()
                + " ecn "
                + packet.ecn()
                + " cell "
                + cell);
      }
      if (keeps && packet.isKeepable()) {
        kept.add(packet.landing());
        return true;
      }
      return false;
    }

    @Override
    public void icmpError(int cell, IcmpError error) {
      errors.add(error);
    }
  }
}
