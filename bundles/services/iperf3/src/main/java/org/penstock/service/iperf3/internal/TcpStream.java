package org.penstock.service.iperf3.internal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;
import org.penstock.core.api.TcpSettings;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ControlChannel;
import org.penstock.tdi.ReceiveIndication;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * A stream over TCP. It sends chunks leased from the stack, several at a time so that the send
 * queue never runs dry, and receives straight from the receive event: neither way copies more than
 * it takes to fill a chunk.
 */
final class TcpStream extends DataStream {

  /** Sends under way: one is placed while others wait for room. */
  private static final int OUTSTANDING = 4;

  private final ConnectionEndpoint endpoint;
  private final Runnable closing;
  private final Request[] sends = new Request[OUTSTANDING];

  /**
   * A stream.
   *
   * @param closing ends the connection
   */
  TcpStream(TestRun run, ConnectionEndpoint endpoint, Runnable closing) {
    super(run);
    this.endpoint = endpoint;
    this.closing = closing;
    for (int i = 0; i < OUTSTANDING; i++) {
      sends[i] = Request.of(this::sent);
    }
  }

  /** What a test asks of its connections. */
  static TcpSettings settings(Iperf3Settings test) {
    return TcpSettings.DEFAULT
        .withNoDelay(test.noDelay())
        .withBuffers(test.window(), test.window());
  }

  /** Bytes have arrived; they are taken where they are. */
  void received(ReceiveIndication data) {
    int length = data.length();
    data.took(length);
    if (run().isCounting()) {
      meter().count(run().runtime().nanoTime(), length);
    }
  }

  @Override
  void sendDue(long nowNanos) {
    for (Request send : sends) {
      if (send.isPending()) {
        continue;
      }
      if (allowance(nowNanos) < piece() || !send(send)) {
        return;
      }
    }
  }

  private int piece() {
    return Math.min(run().settings().length(), Chunks.LARGE);
  }

  private boolean send(Request request) {
    int length = run().claim(piece());
    if (length == 0) {
      return false;
    }
    issued(length);
    int flags = run().isPaced() ? SendFlags.NONE : SendFlags.PARTIAL;
    // A short piece does not fill a chunk; copied, it shares one with its neighbours.
    Chunk chunk = length < Chunks.SMALL ? null : run().client().lease(length);
    if (chunk == null) {
      endpoint.send(request, run().payload(), 0, length, flags);
    } else {
      // What an earlier owner left in it is nobody else's business.
      MemorySegment.copy(run().payload(), 0, chunk.segment(), 0, length);
      endpoint.send(request, chunk, 0, length, flags);
    }
    return true;
  }

  private void sent(Request request, Status status, long count) {
    if (status != Status.SUCCESS) {
      return;
    }
    // Also behind the end: what is in the send queue by then may well arrive.
    meter().count(run().runtime().nanoTime(), count);
    if (run().isRunning() && !run().isPaced()) {
      send(request);
    }
  }

  @Override
  long retransmits() {
    TransportAddress local = local();
    TransportAddress remote = remote();
    AtomicLong found = new AtomicLong(Exchange.UNKNOWN);
    try (ControlChannel control = run().client().openControl()) {
      control
          .stack()
          .pcbs(pcb -> {
            if (pcb.local().equals(local) && pcb.remote().equals(remote)) {
              found.set(pcb.retransmitted());
            }
          });
    } catch (TransportException e) {
      return Exchange.UNKNOWN;
    }
    return found.get();
  }

  @Override
  @Nullable TransportAddress local() {
    return endpoint.info().local();
  }

  @Override
  @Nullable TransportAddress remote() {
    return endpoint.info().remote();
  }

  @Override
  void close() {
    closing.run();
  }
}
