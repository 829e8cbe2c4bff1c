package org.penstock.core.internal.tcp;

import java.util.List;
import java.util.function.Consumer;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.DropReason;
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
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.stack.StackContext;

/** The TCP of a stack: the door from IP below, from the transport layer above, and for views. */
public final class TcpLayer implements Tcp {

  private final StackContext context;
  private final Cell[] cells;

  /**
   * TCP for a stack.
   *
   * @param cells the stack's cells, a power of two of them
   * @param outputs the way down from each cell
   * @param congestion the congestion controls there are
   */
  public TcpLayer(
      StackContext context, Cell[] cells, PacketOutput[] outputs, CongestionTable congestion) {
    this.context = context;
    this.cells = cells.clone();
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

  /**
   * The cell in which the flow of a received segment lives; from any thread. Equals {@link
   * #cellOf(TransportAddress, TransportAddress)} of the destination and the source.
   */
  public int cellOf(
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    return 0;
  }

  /**
   * Takes a segment whose IP header was checked. Inside the cell.
   *
   * @return true if the packet's landing was kept: it belongs to a receive queue now
   */
  public boolean input(int cell, InboundPacket packet) {
    cells[cell].drop(DropReason.NO_TCP_CONNECTION);
    return false;
  }

  /**
   * Takes an ICMP error that quotes a segment of ours. Inside the flow's cell. Errors that quote a
   * sequence number which is not in flight are ignored (RFC 5927 §4.1).
   *
   * @param mtu of the next hop for {@link PathError#PACKET_TOO_BIG}, 0 if not told
   * @param localHigh upper half of the quoted source address
   * @param sequence the quoted sequence number
   */
  public void icmpError(
      int cell,
      PathError error,
      int mtu,
      long localHigh,
      long localLow,
      int localPort,
      long remoteHigh,
      long remoteLow,
      int remotePort,
      int sequence) {}

  @Override
  public TcpConnection connect(
      TransportAddress local, TransportAddress remote, TcpSettings settings, TcpUser user)
      throws TcpException {
    throw new TcpException(TcpFailure.NO_RESOURCES, local + " to " + remote);
  }

  @Override
  public TcpListener listen(
      TransportAddress local, int backlog, TcpSettings settings, TcpAcceptor acceptor)
      throws TcpException {
    throw new TcpException(TcpFailure.NO_RESOURCES, local.toString());
  }

  /** Shows the PCBs of a cell. Inside the cell. */
  public void views(int cell, Consumer<? super PcbView> sink) {}

  /** What is wrong with the PCBs of a cell, for tests: empty. Inside the cell. */
  public List<String> invariants(int cell) {
    return List.of();
  }

  /**
   * Resets connections of a cell because the stack stops: a bounded number in each call. Users are
   * told {@link TcpFailure#STACK_STOPPED}. Inside the cell.
   *
   * @return true when none is left
   */
  public boolean resetAll(int cell) {
    return context.description().cells() > cell;
  }
}
