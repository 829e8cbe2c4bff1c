package org.penstock.core.internal.icmp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.view.Counter;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Gate;
import org.penstock.core.api.Icmp.Echo;
import org.penstock.core.api.Icmp.Outcome;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Ipv4Output;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.wire.Icmpv4;
import org.penstock.core.internal.wire.IpProtocol;

/** The echo requests of one cell that wait for their replies. Owned by the cell. */
final class EchoRequests {

  /** Requests under way in a cell, at most; sequence numbers would run out soon after. */
  private static final int MOST_WAITING = 4096;

  private final IpLayer ip;
  private final Gate gate;
  private final Cell cell;
  private final Ipv4Output output;
  private final int identifier;
  private final Map<Integer, EchoRequest> bySequence = new HashMap<>();

  /**
   * The requests of a cell.
   *
   * @param identifier the stack's, in every request
   */
  EchoRequests(IpLayer ip, int cell, int identifier) {
    this.ip = ip;
    this.gate = ip.gate();
    this.cell = ip.cell(cell);
    this.output = ip.output(cell);
    this.identifier = identifier;
  }

  void begin(EchoRequest request) {
    boolean single = !request.remote.isMulticast() && !request.remote.isLimitedBroadcast();
    if (!single
        || bySequence.size() >= MOST_WAITING
        || bySequence.putIfAbsent(request.sequence, request) != null) {
      finish(request, new Echo(Outcome.UNREACHABLE, request.remote, 0, 0, 0));
      return;
    }
    CellTimer timer = gate.timer(cell.index(), () -> timedOut(request));
    request.timer = timer;
    timer.arm(saturated(cell.now(), request.timeoutNanos));
    send(request);
  }

  void send(EchoRequest request) {
    Path path = output.route(request.local, request.remote);
    if (path == null) {
      unreachable(request, request.remote);
      return;
    }
    Chunk chunk = null;
    if (request.payload > 0) {
      chunk = ip.context().buffers().lease(request.payload);
      if (chunk == null || chunk.capacity() < request.payload) {
        if (chunk != null) {
          chunk.release();
        }
        unreachable(request, request.remote);
        return;
      }
    }
    PacketOutput.Outcome outcome = send(request, path, chunk);
    if (chunk != null) {
      chunk.release();
    }
    SlotLink slot = ip.slot(path.slot());
    if (outcome == PacketOutput.Outcome.SENT) {
      request.sentAt = cell.now();
      cell.count(Counter.ICMP_OUT_MESSAGES);
    } else if (outcome == PacketOutput.Outcome.UNREACHABLE || slot == null || !slot.isUp()) {
      unreachable(request, request.remote);
    }
  }

  private PacketOutput.Outcome send(EchoRequest request, Path path, @Nullable Chunk chunk) {
    OutboundPacket packet = output.begin(path, IpProtocol.ICMPV4, Icmpv4.HEADER_LENGTH);
    int rest = Icmpv4.echoHeader(identifier, request.sequence);
    Icmpv4.write(packet.header(), packet.transport(), Icmpv4.ECHO_REQUEST, 0, rest);
    if (chunk != null) {
      EchoPattern.fill(chunk.segment(), 0, request.payload, request.seed);
      packet.payload(chunk.segment(), 0, request.payload);
    }
    return output.end(request.waiter());
  }

  /**
   * Takes an echo reply that was checked.
   *
   * @return false if it answers nothing that waits
   */
  boolean reply(InboundPacket packet) {
    int at = packet.transport();
    int length = packet.transportLength() - Icmpv4.HEADER_LENGTH;
    EchoRequest request =
        find(Icmpv4.identifier(packet.segment(), at), Icmpv4.sequence(packet.segment(), at));
    if (request == null
        || packet.sourceLow() != request.remote.low()
        || packet.sourceHigh() != request.remote.high()
        || length != request.payload
        || !EchoPattern.matches(
            packet.segment(), at + Icmpv4.HEADER_LENGTH, length, request.seed)) {
      return false;
    }
    long roundTrip = cell.now() - request.sentAt;
    finish(
        request, new Echo(Outcome.REPLY, request.remote, length, packet.timeToLive(), roundTrip));
    return true;
  }

  /**
   * Takes an error about an echo.
   *
   * @return false if it is about nothing that waits
   */
  boolean error(int quotedIdentifier, int quotedSequence, IpAddress remote, IpAddress from) {
    EchoRequest request = find(quotedIdentifier, quotedSequence);
    if (request == null || !request.remote.equals(remote)) {
      return false;
    }
    unreachable(request, from);
    return true;
  }

  void unreachable(EchoRequest request, IpAddress from) {
    finish(request, new Echo(Outcome.UNREACHABLE, from, 0, 0, 0));
  }

  /** Ends all that wait, because the stack stops. */
  void close() {
    for (EchoRequest request : List.copyOf(bySequence.values())) {
      unreachable(request, request.remote);
    }
  }

  private void timedOut(EchoRequest request) {
    finish(request, new Echo(Outcome.TIMED_OUT, request.remote, 0, 0, 0));
  }

  private void finish(EchoRequest request, Echo echo) {
    if (request.isFinished()) {
      return;
    }
    bySequence.remove(request.sequence, request);
    if (request.timer != null) {
      request.timer.cancel();
    }
    gate.indicate(cell.index(), request.finish(echo));
  }

  private @Nullable EchoRequest find(int id, int sequence) {
    return id == identifier ? bySequence.get(sequence) : null;
  }

  private static long saturated(long now, long nanos) {
    return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
  }
}
