package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.stack.StackContext;

/**
 * IP of one stack, put together: addresses and routes, the neighbour cache, a way down for each
 * cell, the way of packets to ourselves, and, once the protocols above are there, the way up.
 *
 * <pre>{@code
 * IpLayer ip = new IpLayer(context, gate, cells, slots);
 * IcmpErrors errors = new IcmpErrors(ip);
 * UdpLayer udp = new UdpLayer(ip, errors);
 * Transport tcp = …                       // sends by ip.output(cell)
 * IcmpLayer icmp = new IcmpLayer(ip, errors, tcp, udp);
 * LinkInput input = ip.connect(tcp, udp, icmp, new RawLayer(ip));
 * }</pre>
 */
public final class IpLayer {

  private final StackContext context;
  private final Gate gate;
  private final Cell[] cells;
  private final Homes homes;
  private final NetworkTables tables = new NetworkTables();
  private final Slots slots;
  private final LocalLink local;
  private final Neighbours neighbours;
  private final Ipv4Output[] outputs;
  private @Nullable Reassembly reassembly;

  /**
   * IP for a stack.
   *
   * @param cells the stack's cells, a power of two of them
   * @param slots its interfaces
   */
  public IpLayer(StackContext context, Gate gate, Cell[] cells, Slots slots) {
    this.context = context;
    this.gate = gate;
    this.cells = cells.clone();
    this.homes = new Homes(context.secret(), cells.length);
    this.local = new LocalLink(gate, this.cells, context.buffers());
    this.slots = number -> number == LocalLink.NUMBER ? localLink() : slots.slot(number);
    this.neighbours =
        new Neighbours(gate, cells[Homes.CONTROL], this.slots, tables, context.random());
    this.outputs = new Ipv4Output[cells.length];
    PacketIds ids = new PacketIds(context.secret());
    PathMtuDiscovery discovery = new PathMtuDiscovery(tables, gate);
    for (int i = 0; i < cells.length; i++) {
      outputs[i] =
          new Ipv4Output(context, cells[i], gate, tables, neighbours, this.slots, ids, discovery);
    }
  }

  private SlotLink localLink() {
    return local;
  }

  /**
   * Opens the way up. Called once, before the first packet is sent or received.
   *
   * @return where slots deliver
   */
  public LinkInput connect(Transport tcp, Transport udp, ControlMessages icmp, RawInput raw) {
    FrameHomes frames = new FrameHomes(homes, tcp, udp);
    Reassembly fragments = new Reassembly(context, gate, cells, slots, frames);
    reassembly = fragments;
    Ipv4Input ipv4 = new Ipv4Input(cells, tables, tcp, udp, icmp, raw, fragments);
    LinkInput input = new LinkInput(frames, neighbours, ipv4);
    for (Ipv4Output output : outputs) {
      output.open(udp);
    }
    local.open(input, cell -> outputs[cell].resume(LocalLink.NUMBER));
    return input;
  }

  /**
   * Forgets a slot that was removed: its addresses, routes and neighbours. Whoever waited for it
   * looks for another way. From any thread, after the slot can't be found by its number any more.
   */
  public void remove(int slot) {
    tables.remove(slot);
    neighbours.slotRemoved(slot);
    for (int i = 0; i < cells.length; i++) {
      gate.post(
          new Section(i) {
            @Override
            protected void run() {
              outputs[cell()].forget(slot);
            }
          });
    }
  }

  /** Bytes that incomplete datagrams hold at this moment; from any thread. */
  long fragmentBytes() {
    Reassembly fragments = reassembly;
    return fragments == null ? 0 : fragments.held();
  }

  /** What all cells of the stack share. */
  public StackContext context() {
    return context;
  }

  /** The way into the cells. */
  public Gate gate() {
    return gate;
  }

  /** How many cells there are. */
  public int cells() {
    return cells.length;
  }

  /** A cell. */
  public Cell cell(int index) {
    return cells[index];
  }

  /** Which cell things are at home in. */
  public Homes homes() {
    return homes;
  }

  /** Addresses and routes. */
  public NetworkTables tables() {
    return tables;
  }

  /** The neighbour cache. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** The interface of that number, the one to ourselves included, or null. */
  public @Nullable SlotLink slot(int number) {
    return slots.slot(number);
  }

  /** The way down of a cell's packets. */
  public Ipv4Output output(int cell) {
    return outputs[cell];
  }

  /** The ways down of all cells, by cell. */
  public PacketOutput[] outputs() {
    return outputs.clone();
  }
}
