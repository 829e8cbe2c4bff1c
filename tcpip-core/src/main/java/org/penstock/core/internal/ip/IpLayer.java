package org.penstock.core.internal.ip;

import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.stack.StackContext;

/** Skeleton. */
public final class IpLayer {

  private final NetworkTables tables = new NetworkTables();
  private final Neighbours neighbours = new Neighbours();
  private final Ipv4Output[] outputs;

  /** IP for a stack of these cells and interfaces. */
  public IpLayer(StackContext context, Gate gate, Cell[] cells, Slots slots) {
    this.outputs = new Ipv4Output[cells.length];
    for (int i = 0; i < cells.length; i++) {
      outputs[i] = new Ipv4Output();
    }
  }

  /** Addresses and routes. */
  public NetworkTables tables() {
    return tables;
  }

  /** The neighbour cache. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** The way down of a cell's packets. */
  public Ipv4Output output(int cell) {
    return outputs[cell];
  }

  /** Opens the way up, once the protocols above are there. */
  public LinkInput connect(Transport tcp, Transport udp, ControlMessages icmp) {
    return new LinkInput();
  }
}
