package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * What may be sent now, and in which segments: at the end of each occupation, from a connection's
 * {@link Sender}. What is lost goes first, then what is new. Owned by the cell.
 */
final class Transmitter {

  private final Connection connection;
  private final Sender sender;
  private final Pacing pacing = new Pacing();
  private int superSegment;
  private int smallEnd;
  private long sentAt;
  private boolean pausing;
  private long pausedUntil;

  Transmitter(Connection connection, Sender sender) {
    this.connection = connection;
    this.sender = sender;
  }

  /** Begins with the initial sequence number. */
  void begin(int initial, long now) {
    smallEnd = initial;
    sentAt = now;
    pacing.begin(now);
    pausedUntil = now;
  }

  /** RFC 3168 §6.1.2: for a retransmission timeout nothing new leaves. */
  void pause() {
    pausing = true;
  }

  /**
   * Sends what may be sent.
   *
   * @return true if it stopped only to let others have their turn
   */
  boolean output(long now) {
    if (!connection.state().maySend() || !sender.isOutstanding()) {
      return false;
    }
    Path path = connection.refreshPath();
    if (path == null) {
      sender.timers().startRetransmission(now);
      return false;
    }
    superSegment = superSegment(path);
    int budget = TcpLimits.SEND_BUDGET;
    while (budget > 0) {
      if (!isDue(now)) {
        return false;
      }
      int sent = sendNext(now);
      if (sent == 0) {
        sender.timers().startPersist(now);
        return false;
      }
      budget -= sent;
    }
    return true;
  }

  /**
   * Whether pacing, or a pause, lets something go now; if not, a timer says when. What must go
   * goes.
   */
  private boolean isDue(long now) {
    boolean waits = sender.unsentText() > 0 || sender.recovery().hasLost();
    if (!waits || sender.recovery().isForced()) {
      return true;
    }
    if (pausing) {
      pausing = false;
      pausedUntil = now + sender.rtt().timeout();
    }
    if (isPaused(now)) {
      connection.timers().arm(ConnectionTimers.PACING, pausedUntil);
      return false;
    }
    long rate = pacingRate();
    if (rate == 0 || pacing.isDue(rate, sender.segmentSize(), now)) {
      return true;
    }
    connection.timers().arm(ConnectionTimers.PACING, pacing.due(rate));
    return false;
  }

  private boolean isPaused(long now) {
    return now < pausedUntil && !sender.recovery().hasLost();
  }

  /** Bytes a second by which what is sent is spread, 0 if it is not. */
  private long pacingRate() {
    return sender.congestion().state().pacingRate();
  }

  /** Payload that goes out at once: as many segments as the device cuts by itself, or one. */
  private int superSegment(Path path) {
    int size = sender.segmentSize();
    if (sender.urgent().isPending()) {
      // A device would copy the pointer into each segment, where it counts from another place.
      return size;
    }
    int packet = Math.min(connection.pcbs().output().segmentation(path), 0xffff);
    int headers = SegmentWriter.headers(path.remote().isIpv4());
    int payload = packet - headers - connection.options().lengthOnEverySegment();
    long rate = pacingRate();
    if (rate > 0) {
      payload = (int) Math.min(payload, Pacing.quantum(rate, size));
    }
    return payload <= size ? size : payload - payload % size;
  }

  /** Sends what is to go next; returns the sequence numbers sent. */
  private int sendNext(long now) {
    ForwardRto forward = sender.recovery().forward();
    if (forward.isForward()) {
      // RFC 5682 §2.1 step 2b: two new segments, and then wait.
      int sent = forward.maySend() ? sendNew(now) : 0;
      if (sent > 0 || forward.hasSent()) {
        return sent;
      }
      forward.stop();
    }
    // NextSeg() of RFC 6675 §4.
    return sender.recovery().hasLost() ? sendAgain(now) : sendNewOrRescue(now);
  }

  /** Sends a part of what is lost; returns the sequence numbers sent. */
  private int sendAgain(long now) {
    LossRecovery recovery = sender.recovery();
    Scoreboard board = sender.board();
    int size = sender.segmentSize();
    int entry = board.firstLost(recovery.isForced() ? size : superSegment);
    int from = board.from(entry);
    int length = board.length(entry);
    if (!recovery.isForced()) {
      // RFC 9293 §3.8.6: nothing beyond a window that was taken back.
      long room = (long) sender.window().bytes() - (from - sender.unacknowledged());
      room = Math.min(room, sender.recovery().room(sender.congestion().window()));
      if (room < Math.min(length, size)) {
        return 0;
      }
      if (room < length) {
        board.split(entry, from + (int) (room - room % size));
      }
    }
    return retransmit(entry, now);
  }

  private int retransmit(int entry, long now) {
    int length = sender.board().length(entry);
    if (!transmit(sender.board().from(entry), length, false, now)) {
      return 0;
    }
    int size = sender.segmentSize();
    int segments = (length + size - 1) / size;
    connection.pcbs().count(Counter.TCP_RETRANSMITTED, segments);
    sender.sentAgain(entry, segments, now);
    return length;
  }

  private int sendNewOrRescue(long now) {
    int sent = sendNew(now);
    if (sent > 0) {
      return sent;
    }
    if (sender.unsentText() > 0) {
      return 0;
    }
    if (isOpen() && sender.recovery().room(sender.congestion().window()) > 0) {
      sender.rate().applicationLimited(sender.inFlight());
    }
    int entry = sender.recovery().rescue();
    return entry == Scoreboard.NONE ? 0 : retransmit(entry, now);
  }

  private boolean isOpen() {
    return sender.recovery().phase() == LossRecovery.Phase.OPEN;
  }

  /** Sends a segment of new data; returns the sequence numbers sent. */
  private int sendNew(long now) {
    int data = sender.unsentText();
    if (data <= 0) {
      // A FIN on its own takes no buffer: it goes also to a closed window.
      return data == 0 && sender.isFinished() ? sendFresh(0, now) : 0;
    }
    if (!sender.hasInFlight() && now - sentAt > sender.rtt().timeout()) {
      // RFC 5681 §4.1.
      sender.congestion().event(CongestionEvent.IDLE_RESTART, 0, sender.rtt(), now);
    }
    int length = segmentLength(data);
    return length == 0 ? 0 : sendFresh(length, now);
  }

  /** How much of the unsent data to send at once; 0 to wait. */
  private int segmentLength(int data) {
    int size = sender.segmentSize();
    long inFlight = sender.inFlight();
    long windowRoom = sender.window().bytes() - (sender.next() - sender.unacknowledged());
    long congestionRoom = sender.recovery().room(sender.congestion().window());
    long room = Math.min(windowRoom, congestionRoom);
    // A device that cuts a super-segment would put CWR on each of its segments; what F-RTO sends is
    // counted in segments.
    boolean single = connection.ecn().isCwrDue() || sender.recovery().forward().isForward();
    int most = Math.min(data, single ? size : superSegment);
    int length = (int) Math.clamp(room, 0, most);
    sender.congestion().limited(congestionRoom < Math.min(data, windowRoom));
    if (length >= size) {
      // Where acknowledgements are on the way, a longer super-segment is worth waiting for, except
      // in recovery, where each of them says what may go.
      if (room < most && inFlight >= 2L * superSegment && isOpen()) {
        return 0;
      }
      return length == data && maySendSmall() ? length : length - length % size;
    }
    if (length == data) {
      return maySendSmall() ? length : 0;
    }
    // RFC 9293 §3.8.6.2.1 (3): a part of a segment only where it is half the largest window that
    // the peer has offered.
    boolean windowed = windowRoom <= congestionRoom;
    return windowed && length > 0 && length >= sender.window().largest() / 2 ? length : 0;
  }

  /** True if a segment that is not full may go, the last of the queue. */
  private boolean maySendSmall() {
    if (sender.isFinished() || sender.urgent().isPending()) {
      return true;
    }
    if (!sender.isPushed()) {
      return false;
    }
    // RFC 9293 §3.7.4, Nagle's algorithm. Differs from it as draft-minshall-nagle and Linux do, in
    // that only a small segment in flight makes the next one wait: so the tail of a large write
    // does not wait for a delayed acknowledgement.
    return connection.settings().noDelay()
        || SequenceNumber.lessOrEqual(smallEnd, sender.unacknowledged());
  }

  /**
   * Sends a segment beyond the congestion window: a new one, or else the last one again.
   *
   * @return false if it could not be sent
   */
  boolean probe(long now) {
    int data = Math.min(sender.unsentText(), sender.segmentSize());
    int room = sender.window().bytes() - (sender.next() - sender.unacknowledged());
    boolean small = data < sender.segmentSize();
    if (data > 0
        && data <= room
        && !isPaused(now)
        && (!small || sender.isPushed() || sender.isFinished())) {
      return sendFresh(data, now) > 0;
    }
    return retransmit(sender.recovery().lastSegment(), now) > 0;
  }

  /** Sends a segment that silly window avoidance or the user held back, as far as it may go. */
  void sendHeld(long now) {
    sender.push();
    int length = Math.min(sender.unsentText(), sender.window().bytes());
    sendFresh(Math.min(length, sender.segmentSize()), now);
  }

  private int sendFresh(int length, long now) {
    int from = sender.next();
    boolean fin = sender.isFinished() && from + length == sender.queue().end();
    int count = length + (fin ? 1 : 0);
    if (!transmit(from, count, true, now)) {
      return 0;
    }
    if (length % sender.segmentSize() != 0) {
      smallEnd = from + count;
    }
    sender.sent(count, now);
    connection.timers().cancel(ConnectionTimers.PERSIST);
    return count;
  }

  /** Sends sequence numbers, for the first time or again; false if they could not be. */
  private boolean transmit(int from, int count, boolean fresh, long now) {
    int end = sender.queue().end();
    int data = Math.min(count, end - from);
    int flags = TcpFlags.ACK;
    if (data < count) {
      flags |= TcpFlags.FIN;
    }
    if (data > 0 && (from + data == end || from + data == sender.pushed())) {
      // RFC 9293 §3.9.1.2 (MUST-60 and 61): the last of what is buffered pushes.
      flags |= TcpFlags.PSH;
    }
    Ecn ecn = connection.ecn();
    boolean text = fresh && data > 0;
    if (text && ecn.isCwrDue()) {
      // RFC 3168 §6.1.2: the first new text after the window was reduced.
      flags |= TcpFlags.CWR;
    }
    int codepoint = text ? ecn.codepointOfText() : Ecn.NOT_ECT;
    if (!connection.pcbs().writer().send(connection, from, data, flags, codepoint)) {
      sender.timers().startRetransmission(now);
      return false;
    }
    if ((flags & TcpFlags.CWR) != 0) {
      ecn.cwrSent();
    }
    sentAt = now;
    if (pacingRate() > 0) {
      pacing.sent(data);
    }
    return true;
  }
}
