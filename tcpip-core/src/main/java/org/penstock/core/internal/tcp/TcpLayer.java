package org.penstock.core.internal.tcp;

import java.util.List;
import java.util.function.Consumer;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.TcpAcceptor;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpListener;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Transport;
import org.penstock.core.internal.stack.StackContext;

/** The TCP of a stack: the door from IP below, from the transport layer above, and for views. */
public final class TcpLayer implements Tcp, Transport {

  private final TcpShared shared;
  private final TcpCell[] cells;

  /**
   * TCP for a stack.
   *
   * @param cells the stack's cells, a power of two of them
   * @param outputs the way down from each cell
   * @param congestion the congestion controls there are
   */
  public TcpLayer(
      StackContext context, Cell[] cells, PacketOutput[] outputs, CongestionTable congestion) {
    this.shared = TcpShared.of(context, congestion);
    this.cells = new TcpCell[cells.length];
    for (int i = 0; i < cells.length; i++) {
      this.cells[i] = new TcpCell(shared, cells[i], outputs[i]);
    }
  }

  @Override
  public int cellOf(TransportAddress local, TransportAddress remote) {
    return cellOf(
        remote.address().high(),
        remote.address().low(),
        remote.port(),
        local.address().high(),
        local.address().low(),
        local.port());
  }

  /** Equals {@link #cellOf(TransportAddress, TransportAddress)} of destination and source. */
  @Override
  public int cellOf(
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    int ports = FlowEntry.ports(destinationPort, sourcePort);
    long hash =
        shared.flowHash().hash(destinationHigh, destinationLow, sourceHigh, sourceLow, ports, 0);
    return (int) (hash >>> 32) & cells.length - 1;
  }

  /** Takes a segment whose IP header was checked. Inside the cell. */
  @Override
  public boolean input(int cell, InboundPacket packet) {
    return cells[cell].input(packet);
  }

  /**
   * Takes an ICMP error that quotes a segment of ours. Inside the flow's cell. An error that quotes
   * a sequence number which is not in flight is ignored (RFC 5927 §4.1).
   */
  @Override
  public void icmpError(int cell, IcmpError error) {
    cells[cell].icmpError(error);
  }

  @Override
  public TcpConnection connect(
      TransportAddress local, TransportAddress remote, TcpSettings settings, TcpUser user)
      throws TcpException {
    return cells[cellOf(local, remote)].connect(local, remote, settings, user);
  }

  @Override
  public TcpListener listen(
      TransportAddress local, int backlog, TcpSettings settings, TcpAcceptor acceptor)
      throws TcpException {
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog " + backlog + " is below 1, at " + local);
    }
    if (local.port() == 0) {
      throw new IllegalArgumentException("a listener needs a port, at " + local);
    }
    Listener listener = new Listener(shared.listeners(), local, backlog, settings, acceptor);
    if (!shared.listeners().add(listener)) {
      throw new TcpException(TcpFailure.ADDRESS_IN_USE, local.toString());
    }
    return listener;
  }

  /**
   * Has a connection use the congestion control of that name, an empty one for the stack's. Inside
   * the flow's cell.
   *
   * @return false if there is no such connection
   */
  public boolean congestion(
      int cell, TransportAddress local, TransportAddress remote, String name) {
    return cells[cell].congestion(local, remote, name);
  }

  /**
   * An interface has a driver or a link again: connections that go by it and wait for a
   * retransmission send at once. A bounded number in each call. Inside the cell.
   *
   * @return true if {@link #restoreMore} has to go on
   */
  public boolean restored(int cell, int slot) {
    return cells[cell].restored(slot);
  }

  /** Goes on with what {@link #restored} has begun; true if there is more. Inside the cell. */
  public boolean restoreMore(int cell) {
    return cells[cell].restoreMore();
  }

  /**
   * Shows the PCBs of a cell: active and TIME-WAIT, and of the listeners, which no cell owns, those
   * whose port falls to this one. Inside the cell.
   */
  public void views(int cell, Consumer<? super PcbView> sink) {
    for (Listener listener : shared.listeners().all()) {
      if ((listener.local().port() & cells.length - 1) == cell) {
        sink.accept(listener.view(cell));
      }
    }
    cells[cell].views(sink);
  }

  /** What is wrong with the PCBs of a cell, for tests: empty. Inside the cell. */
  public List<String> invariants(int cell) {
    return cells[cell].invariants();
  }

  /**
   * Resets connections of a cell because the stack stops: a bounded number in each call. Users are
   * told {@link TcpFailure#STACK_STOPPED} at the end of the occupation; from the first call on no
   * connection is opened. Inside the cell.
   *
   * @return true when none is left
   */
  public boolean resetAll(int cell) {
    return cells[cell].resetAll();
  }
}
