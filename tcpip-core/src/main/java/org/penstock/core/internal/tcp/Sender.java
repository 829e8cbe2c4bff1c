package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * The sending half of a connection: the SND variables of RFC 9293 §3.3.1, what may be sent, and
 * what an acknowledgement does. Mutable, allocates nothing; owned by the cell.
 *
 * <p>On data's way: the user filled the {@link SendQueue}; at the end of the occupation {@link
 * #output} cuts segments from it as the peer's window, {@link CongestionWindow}, {@link
 * LossRecovery} and Nagle's algorithm allow; the cell's {@link SegmentWriter} sends them.
 */
final class Sender {

  private final Connection connection;
  private final SendQueue queue = new SendQueue();
  private final RttEstimator rtt;
  private final CongestionWindow congestion;
  private final LossRecovery recovery = new LossRecovery();
  private final SendWindow window = new SendWindow();
  private final SendTimers timers;

  private int initial;
  private int unacknowledged;
  private int next;
  private int highest;
  private int peerSegmentSize;
  private int segmentSize;
  private int pathLimit = Integer.MAX_VALUE;

  private boolean finished;
  private int pushed;
  private int smallEnd;
  private long sentAt;
  private boolean timing;
  private int timedEnd;
  private long timedAt;
  private long retransmitted;
  private int roundEnd;
  private int superSegment;

  Sender(Connection connection, long minimumRto, CongestionWindow congestion) {
    this.connection = connection;
    this.rtt = new RttEstimator(minimumRto);
    this.congestion = congestion;
    this.timers = new SendTimers(connection, this);
  }

  /** Begins with the initial sequence number ISS, which the SYN takes. */
  void begin(int iss, int segment, long now) {
    initial = iss;
    unacknowledged = iss;
    next = iss;
    highest = iss;
    pushed = iss + 1;
    smallEnd = iss;
    window.begin(iss);
    queue.begin(iss + 1);
    // Differs from RFC 6582 §3.2 step 1 (the initial sequence number), with which the first segment
    // of a connection could not be sent again fast.
    recovery.begin(iss - 1);
    roundEnd = iss + 1;
    peerSegmentSize = segment;
    segmentSize = segment;
    timers.begin(now);
    sentAt = now;
  }

  /** ISS. */
  int initial() {
    return initial;
  }

  /** SND.UNA. */
  int unacknowledged() {
    return unacknowledged;
  }

  /** SND.NXT. */
  int next() {
    return next;
  }

  /** Behind the highest sequence number ever sent: SND.NXT, or beyond it by a probe's byte. */
  int highest() {
    return highest;
  }

  /** SND.WND and what belongs to it. */
  SendWindow window() {
    return window;
  }

  /** Payload bytes of a full segment: Eff.snd.MSS. */
  int segmentSize() {
    return segmentSize;
  }

  SendQueue queue() {
    return queue;
  }

  RttEstimator rtt() {
    return rtt;
  }

  CongestionWindow congestion() {
    return congestion;
  }

  LossRecovery recovery() {
    return recovery;
  }

  SendTimers timers() {
    return timers;
  }

  /** Segments sent again. */
  long retransmitted() {
    return retransmitted;
  }

  /** True if something was sent that is not acknowledged. */
  boolean hasInFlight() {
    return next != unacknowledged;
  }

  /** Bytes that were not sent yet. */
  int unsentText() {
    return queue.end() - next;
  }

  /** True if the user wants all that is queued to go. */
  boolean isPushed() {
    return SequenceNumber.greaterOrEqual(pushed, queue.end());
  }

  /** True if there is anything that the peer has not acknowledged. */
  boolean isOutstanding() {
    return unacknowledged != queue.end() + (finished ? 1 : 0);
  }

  /** True if our FIN was acknowledged. */
  boolean isFinAcknowledged() {
    return finished && unacknowledged == queue.end() + 1;
  }

  /** True if the user has released our direction. */
  boolean isFinished() {
    return finished;
  }

  /** Before something is put into the queue. */
  void queuing(long now) {
    if (!isOutstanding()) {
      timers.begin(now);
    }
  }

  /** The user has released our direction: FIN after what is queued. */
  void finish(long now) {
    queuing(now);
    finished = true;
    pushed = queue.end();
  }

  /** The user has more: up to there small segments may go. */
  void push() {
    pushed = queue.end();
  }

  // ---- the handshake ----

  /** The SYN was sent; it takes one sequence number. */
  void synSent(long now) {
    if (next == initial) {
      next = initial + 1;
      highest = next;
      timing = true;
      timedEnd = next;
      timedAt = now;
    } else {
      timing = false;
      retransmitted++;
      connection.pcbs().count(Counter.TCP_RETRANSMITTED);
    }
    sentAt = now;
  }

  /** The peer's SYN names its segment size and window scale. */
  void negotiated(int segment, int shift, long now) {
    peerSegmentSize = Math.max(segment, TcpLimits.LEAST_SEGMENT);
    window.shift(shift);
    Path path = connection.refreshPath();
    if (path != null) {
      pathChanged(path, now);
    }
  }

  /** The way is another one: its segment size may be (RFC 9293 §3.7.1, Eff.snd.MSS). */
  void pathChanged(Path path, long now) {
    boolean ipv4 = path.remote().isIpv4();
    int size =
        Math.min(peerSegmentSize, SegmentWriter.segmentSize(Math.min(path.mtu(), pathLimit), ipv4));
    if (size != segmentSize) {
      segmentSize = size;
      if (!connection.state().isHandshake()) {
        congestion.segmentSize(size, inFlight(), rtt, now);
      }
    }
  }

  /**
   * A router on the way takes no more than that many bytes (RFC 1191). What is in flight was lost
   * there, and is cut anew.
   *
   * @param mtu of the router's next hop, 0 if it did not say
   */
  void pathLimit(int mtu, long now) {
    Path path = connection.refreshPath();
    if (path == null) {
      return;
    }
    int known = Math.min(path.mtu(), pathLimit);
    int told = mtu == 0 ? PathPlateaus.below(known) : mtu;
    int least = TcpLimits.LEAST_SEGMENT + SegmentWriter.headers(path.remote().isIpv4());
    if (told < least || told >= known) {
      return;
    }
    pathLimit = told;
    pathChanged(path, now);
    if (hasInFlight()) {
      // RFC 1191 §6.5: send again at once; not a sign of congestion.
      timing = false;
      recovery.beginTimeout(unacknowledged, next);
      connection.flushLater();
    }
  }

  /** Our SYN was acknowledged, and by which segment: ESTABLISHED. */
  void established(Segment segment, boolean isSyn, long now) {
    if (timing) {
      rtt.sample(now - timedAt);
    } else {
      rtt.afterSynLoss();
    }
    timing = false;
    unacknowledged = segment.acknowledgment();
    timers.progress(now);
    if (isSyn) {
      window.takeSyn(segment);
    } else {
      window.take(segment);
    }
    congestion.begin(segmentSize, now);
    if (retransmitted > 0) {
      // RFC 5681 §3.1: after a lost SYN the initial window is one segment.
      congestion.restart(segmentSize);
    }
    connection.flushLater();
  }

  /** A SYN without an acknowledgement brings a window. */
  void synReceived(Segment segment) {
    window.takeSyn(segment);
  }

  // ---- acknowledgements ----

  /**
   * Takes an acceptable acknowledgement, one of nothing below SND.UNA less a window and nothing
   * above what was sent (RFC 9293 §3.10.7.4, fifth step).
   */
  void acknowledge(Segment segment, long now) {
    int acknowledgment = segment.acknowledgment();
    boolean windowMoved = window.differs(segment);
    timers.answered();
    if (SequenceNumber.greaterThan(acknowledgment, unacknowledged)) {
      advance(acknowledgment, now);
      updateWindow(segment);
      return;
    }
    // RFC 5681 §2: what a duplicate acknowledgement is.
    boolean duplicate =
        acknowledgment == unacknowledged
            && hasInFlight()
            && segment.sequenceLength() == 0
            && !windowMoved;
    if (acknowledgment == unacknowledged) {
      updateWindow(segment);
    }
    if (duplicate) {
      connection.pcbs().count(Counter.TCP_DUPLICATE_ACKS);
      connection.flushLater();
      if (recovery.duplicate(unacknowledged, next, segmentSize)) {
        connection.pcbs().count(Counter.TCP_FAST_RETRANSMITS);
        congest(CongestionEvent.LOSS, now);
        recovery.beginFast(unacknowledged, next, segmentSize);
      }
    }
  }

  private void advance(int acknowledgment, long now) {
    long before = inFlight();
    if (SequenceNumber.greaterThan(acknowledgment, next)) {
      // The peer took the byte of a window probe.
      next = acknowledgment;
    }
    int advanced = acknowledgment - unacknowledged;
    int upTo = SequenceNumber.min(acknowledgment, queue.end());
    int bytes = upTo - queue.first();
    unacknowledged = acknowledgment;
    if (bytes > 0) {
      queue.release(upTo);
      connection.end().acknowledged(bytes);
    }
    if (isFinAcknowledged()) {
      connection.end().releaseAcknowledged();
    }
    long sample = 0;
    if (timing && SequenceNumber.greaterOrEqual(acknowledgment, timedEnd)) {
      timing = false;
      sample = Math.max(1, now - timedAt);
      rtt.sample(sample);
    }
    boolean roundStart = SequenceNumber.greaterOrEqual(acknowledgment, roundEnd);
    if (roundStart) {
      roundEnd = next;
    }
    boolean wasFast = recovery.phase() == LossRecovery.Phase.FAST;
    boolean recovered = recovery.advanced(advanced, unacknowledged, next, segmentSize);
    if (wasFast && recovered) {
      congestion.event(CongestionEvent.RECOVERED, inFlight(), rtt, now);
    }
    congestion.acknowledged(advanced, sample, before, wasFast, roundStart, rtt, now);
    connection.softError(null);
    connection.flushLater();
    timers.progress(now);
  }

  /** Tells congestion control of a loss: FlightSize is what is not acknowledged (RFC 5681 §2). */
  void congest(CongestionEvent event, long now) {
    congestion.event(event, next - unacknowledged, rtt, now);
  }

  private void updateWindow(Segment segment) {
    int before = window.bytes();
    window.update(segment);
    if (window.bytes() != before) {
      if (window.bytes() > 0) {
        timers.windowOpen();
      }
      connection.flushLater();
    }
  }

  // ---- output ----

  /** Sequence numbers in flight. */
  long inFlight() {
    return recovery.inFlight(unacknowledged, next);
  }

  /**
   * Sends what may be sent.
   *
   * @return true if it stopped only to let others have their turn
   */
  boolean output(long now) {
    if (!connection.state().maySend() || !isOutstanding()) {
      return false;
    }
    Path path = connection.refreshPath();
    if (path == null) {
      timers.startRetransmission(now);
      return false;
    }
    superSegment = superSegment(path);
    int budget = TcpLimits.SEND_BUDGET;
    while (budget > 0) {
      int sent = recovery.hasLost() ? sendAgain(now) : sendNew(now);
      if (sent == 0) {
        timers.startPersist(now);
        return false;
      }
      budget -= sent;
    }
    return true;
  }

  /** Payload that goes out at once: as many segments as the device cuts by itself, or one. */
  private int superSegment(Path path) {
    int packet = Math.min(connection.pcbs().output().segmentation(path), 0xffff);
    int payload = packet - SegmentWriter.headers(path.remote().isIpv4());
    return payload <= segmentSize ? segmentSize : payload - payload % segmentSize;
  }

  /** Sends a part of what is lost; returns the sequence numbers sent. */
  private int sendAgain(long now) {
    int from = recovery.lostFrom();
    int length = recovery.lostTo() - from;
    if (recovery.isForced()) {
      length = Math.min(length, segmentSize);
    } else {
      // RFC 9293 §3.8.6: nothing beyond a window that was taken back.
      long room = (long) window.bytes() - (from - unacknowledged);
      room = Math.min(room, congestion.window() - inFlight());
      length = (int) Math.min(Math.min(length, room), superSegment);
      if (length < Math.min(recovery.lostTo() - from, segmentSize)) {
        return 0;
      }
      if (length > segmentSize && from + length != recovery.lostTo()) {
        length -= length % segmentSize;
      }
    }
    boolean forced = recovery.isForced();
    if (!transmit(from, length, now)) {
      return 0;
    }
    // Karn, RFC 6298 §3: no sample from what was sent twice.
    timing = false;
    int segments = (length + segmentSize - 1) / segmentSize;
    retransmitted += segments;
    connection.pcbs().count(Counter.TCP_RETRANSMITTED, segments);
    recovery.sentAgain(from + length);
    if (forced) {
      // The timer was started by what this repairs: give it the time of a round trip.
      timers.armRetransmission(now);
    }
    return length;
  }

  /** Sends a segment of new data; returns the sequence numbers sent. */
  private int sendNew(long now) {
    int data = unsentText();
    if (data <= 0) {
      // A FIN on its own takes no buffer: it goes also to a closed window.
      return finished && data == 0 ? sendFresh(0, now) : 0;
    }
    if (!hasInFlight() && now - sentAt > rtt.timeout()) {
      // RFC 5681 §4.1.
      congestion.event(CongestionEvent.IDLE_RESTART, 0, rtt, now);
    }
    int length = segmentLength(data);
    return length == 0 ? 0 : sendFresh(length, now);
  }

  /** How much of the unsent data to send at once; 0 to wait. */
  private int segmentLength(int data) {
    long windowRoom = (long) window.bytes() - (next - unacknowledged);
    long congestionRoom = congestion.window() - inFlight();
    long room = Math.min(windowRoom, congestionRoom);
    int most = superSegment;
    int length = (int) Math.clamp(room, 0, Math.min(data, most));
    congestion.limited(congestionRoom < Math.min(data, windowRoom));
    if (length >= segmentSize) {
      int tail = length % segmentSize;
      if (length < data || !maySendSmall()) {
        length -= tail;
      }
      // Where acknowledgements are on the way, a longer super-segment is worth waiting for.
      boolean later = room < Math.min(data, most) && inFlight() >= 2L * most;
      return later ? 0 : length;
    }
    if (length == data) {
      return maySendSmall() ? length : 0;
    }
    // RFC 9293 §3.8.6.2.1 (3): a part of a segment only where it is half the largest window that
    // the peer has offered.
    boolean windowed = windowRoom <= congestionRoom;
    return windowed && length > 0 && length >= window.largest() / 2 ? length : 0;
  }

  /** True if a segment that is not full may go, the last of the queue. */
  private boolean maySendSmall() {
    if (finished) {
      return true;
    }
    if (!isPushed()) {
      return false;
    }
    // RFC 9293 §3.7.4, Nagle's algorithm. Differs from it as draft-minshall-nagle and Linux do, in
    // that only a small segment in flight makes the next one wait: so the tail of a large write
    // does not wait for a delayed acknowledgement.
    return connection.settings().noDelay() || SequenceNumber.lessOrEqual(smallEnd, unacknowledged);
  }

  private int sendFresh(int length, long now) {
    boolean fin = finished && next + length == queue.end();
    int count = length + (fin ? 1 : 0);
    boolean first = !hasInFlight();
    if (!transmit(next, count, now)) {
      return 0;
    }
    if (length % segmentSize != 0) {
      smallEnd = next + count;
    }
    next += count;
    highest = SequenceNumber.max(highest, next);
    if (!timing && !recovery.hasLost()) {
      timing = true;
      timedEnd = next;
      timedAt = now;
    }
    connection.timers().cancel(ConnectionTimers.PERSIST);
    if (first) {
      timers.armRetransmission(now);
    }
    return count;
  }

  /** Sends sequence numbers; false if they could not be. */
  private boolean transmit(int from, int count, long now) {
    int data = Math.min(count, queue.end() - from);
    int flags = TcpFlags.ACK;
    if (data < count) {
      flags |= TcpFlags.FIN;
    }
    if (data > 0 && (from + data == queue.end() || from + data == pushed)) {
      // RFC 9293 §3.9.1.2 (MUST-60 to 61): the last of what is buffered pushes.
      flags |= TcpFlags.PSH;
    }
    if (!connection.pcbs().writer().send(connection, from, data, flags)) {
      timers.startRetransmission(now);
      return false;
    }
    sentAt = now;
    return true;
  }

  /** Sends a segment that silly window avoidance or the user held back, as far as it may go. */
  void sendHeld(long now) {
    pushed = queue.end();
    sendFresh(Math.min(Math.min(unsentText(), window.bytes()), segmentSize), now);
  }

  /** The first unsent byte has gone out as a window probe, beyond the window. */
  void probed() {
    highest = SequenceNumber.max(highest, next + 1);
  }

  /** What is wrong, for tests; null if nothing is. */
  @Nullable String check() {
    if (SequenceNumber.greaterThan(unacknowledged, next)
        || SequenceNumber.greaterThan(next, highest)
        || highest - next > 1) {
      return "SND.UNA, SND.NXT and the highest sequence number sent are out of order";
    }
    if (SequenceNumber.greaterThan(next, queue.end() + (finished ? 1 : 0))) {
      return "SND.NXT is beyond what was queued";
    }
    int first = SequenceNumber.max(unacknowledged, initial + 1);
    if (queue.first() != SequenceNumber.min(first, queue.end())) {
      return "the send queue does not begin at SND.UNA";
    }
    String wrong = queue.check();
    return wrong != null ? wrong : recovery.check(unacknowledged, next);
  }
}
