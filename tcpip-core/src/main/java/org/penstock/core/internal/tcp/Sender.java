package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The sending half of a connection: the SND variables of RFC 9293 §3.3.1, and what an
 * acknowledgement does. Mutable, allocates nothing; owned by the cell.
 *
 * <p>On data's way: the user filled the {@link SendQueue}; at the end of the occupation the {@link
 * Transmitter} cuts segments from it as the peer's {@link SendWindow}, the {@link
 * CongestionWindow}, {@link LossRecovery} and Nagle's algorithm allow; the cell's {@link
 * SegmentWriter} sends them.
 */
final class Sender {

  private final Connection connection;
  private final SendQueue queue = new SendQueue();
  private final RttEstimator rtt;
  private final CongestionWindow congestion;
  private final Scoreboard board;
  private final LossRecovery recovery;
  private final DeliveryRate rate = new DeliveryRate();
  private final SendWindow window = new SendWindow();
  private final UrgentData urgent = new UrgentData();
  private final SendTimers timers;
  private final Transmitter transmitter;

  private int initial;
  private int unacknowledged;
  private int next;
  private int highest;
  private int peerSegmentSize;
  private int segmentSize;

  private boolean finished;
  private int pushed;
  private boolean timing;
  private int timedEnd;
  private long timedAt;
  private long retransmitted;
  private int roundEnd;

  Sender(Connection connection, long minimumRto, CongestionWindow congestion) {
    this.connection = connection;
    this.rtt = new RttEstimator(minimumRto);
    this.board = new Scoreboard(connection.pcbs().transmissions());
    this.recovery = new LossRecovery(connection, this, board);
    this.congestion = congestion;
    this.timers = new SendTimers(connection, this);
    this.transmitter = new Transmitter(connection, this);
  }

  /** Begins with the initial sequence number ISS, which the SYN takes. */
  void begin(int iss, int segment, long now) {
    initial = iss;
    unacknowledged = iss;
    next = iss;
    highest = iss;
    pushed = iss + 1;
    roundEnd = iss + 1;
    transmitter.begin(iss, now);
    window.begin(iss);
    queue.begin(iss + 1);
    // Differs from RFC 6582 §3.2 step 1 (the initial sequence number), with which the first segment
    // of a connection could not be sent again fast.
    recovery.begin(iss - 1);
    peerSegmentSize = segment;
    segmentSize = segment;
    timers.begin(now);
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

  /** What was sent and is not acknowledged. */
  Scoreboard board() {
    return board;
  }

  DeliveryRate rate() {
    return rate;
  }

  SendTimers timers() {
    return timers;
  }

  Transmitter transmitter() {
    return transmitter;
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

  /** Up to there the user wants small segments to go. */
  int pushed() {
    return pushed;
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

  /** The connection is over: lets go of what is queued and of what is known of it. */
  void clear() {
    queue.clear();
    board.clear();
  }

  /** All that is queued is urgent (RFC 9293 §3.9.1.2, SEND). */
  void urge() {
    urgent.extend(queue.end(), unacknowledged);
    push();
  }

  /** What of the stream is urgent. */
  UrgentData urgent() {
    return urgent;
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
  }

  /** Our SYN has left with a cookie for its number, and nobody remembers when. */
  void synForgotten() {
    next = initial + 1;
    highest = next;
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
    int whole = Math.min(peerSegmentSize, SegmentWriter.segmentSize(path.mtu(), ipv4));
    // RFC 6691 §2: options are not counted in the MSS option, so they are taken off here.
    int size = whole - connection.options().lengthOnEverySegment();
    if (size != segmentSize) {
      segmentSize = size;
      if (!connection.state().isHandshake()) {
        congestion.segmentSize(size, inFlight(), rtt, now);
      }
    }
  }

  /**
   * A router on the way could not pass on a segment of ours (RFC 1191). What is in flight was lost
   * there, and is cut anew.
   *
   * @param length of the packet it refused
   * @param mtu of the router's next hop, 0 if it did not say
   */
  void tooBig(int length, int mtu) {
    Path path = connection.refreshPath();
    if (path == null || !connection.pcbs().output().tooBig(path, mtu, length)) {
      return;
    }
    connection.refreshPath();
    if (hasInFlight()) {
      // RFC 1191 §6.5: send again at once; not a sign of congestion.
      timing = false;
      recovery.loseAll();
      connection.flushLater();
    }
  }

  /** Our SYN was acknowledged, and by which segment: ESTABLISHED. */
  void established(Segment segment, boolean isSyn, long now) {
    // Only the timer says that a SYN was lost: one of a simultaneous open, or one that answers a
    // copy of the peer's, is sent again too.
    boolean lost = timers.hasRetried();
    long sample = timing ? Math.max(1, now - timedAt) : echoed(segment, now);
    if (sample > 0) {
      rtt.sample(sample);
      rtt.observe(sample);
    } else if (lost) {
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
    if (lost) {
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
    boolean wasInFlight = hasInFlight();
    timers.answered();
    int advanced = Math.max(0, acknowledgment - unacknowledged);
    long before = inFlight();
    boolean holds = recovery.phase() == LossRecovery.Phase.FAST || connection.ecn().isEcho(segment);
    Delivery delivery = recovery.begin(now);
    if (advanced > 0) {
      advance(segment, delivery, now);
    }
    delivery.endOfCumulative();
    if (connection.options().hasSack()) {
      SelectiveAcknowledgments.read(
          segment.options(), acknowledgment, this, connection.pcbs(), delivery);
    }
    if (acknowledgment == unacknowledged) {
      updateWindow(segment);
    }
    // RFC 5681 §2: what a duplicate acknowledgement is.
    boolean duplicate =
        advanced == 0
            && acknowledgment == unacknowledged
            && wasInFlight
            && segment.sequenceLength() == 0
            && !windowMoved;
    if (duplicate) {
      connection.pcbs().count(Counter.TCP_DUPLICATE_ACKS);
    }
    if (delivery.rtt() > 0) {
      rtt.observe(delivery.rtt());
    }
    if (advanced > 0) {
      timers.progress(now);
    }
    recovery.acknowledged(delivery, segment, advanced, duplicate);
    if (advanced > 0 || delivery.bytes() > 0) {
      congestion.acknowledged(advanced, delivery, rate, before, inFlight(), holds, rtt);
    }
    if (advanced > 0 || duplicate || delivery.bytes() > 0) {
      connection.flushLater();
    }
  }

  private void advance(Segment segment, Delivery delivery, long now) {
    int acknowledgment = segment.acknowledgment();
    if (SequenceNumber.greaterThan(acknowledgment, next)) {
      // The peer took the byte of a window probe.
      next = acknowledgment;
    }
    int upTo = SequenceNumber.min(acknowledgment, queue.end());
    int bytes = upTo - queue.first();
    unacknowledged = acknowledgment;
    urgent.advance(acknowledgment);
    board.acknowledge(acknowledgment, delivery);
    if (bytes > 0) {
      queue.release(upTo);
      connection.end().acknowledged(bytes);
    }
    if (isFinAcknowledged()) {
      connection.end().releaseAcknowledged();
    }
    boolean roundStart = SequenceNumber.greaterOrEqual(acknowledgment, roundEnd);
    if (roundStart) {
      roundEnd = next;
    }
    if (timing && SequenceNumber.greaterOrEqual(acknowledgment, timedEnd)) {
      timing = false;
      rtt.sample(Math.max(1, now - timedAt));
    } else if (!timing && (roundStart || rtt.isBackedOff())) {
      long echoed = echoed(segment, now);
      if (echoed > 0) {
        rtt.sample(echoed);
      }
    }
    connection.forgetSoftError();
  }

  /**
   * The round-trip time that a segment's timestamps tell (RFC 7323 §4), 0 if it has none.
   *
   * <p>Our own clock is finer and comes first; but only an echo tells which of several
   * transmissions has arrived. One sample a round trip, as RFC 6298 counts on (RFC 7323 appendix
   * G).
   */
  private long echoed(Segment segment, long now) {
    return connection.options().hasTimestamps() && segment.options().hasTimestamps()
        ? connection.timestamps().elapsed(segment.options().timestampEchoReply(), now)
        : 0;
  }

  /** Tells congestion control of a loss: FlightSize is what is not acknowledged (RFC 5681 §2). */
  void congest(CongestionEvent event, long now) {
    congestion.event(event, next - unacknowledged, rtt, now);
    connection.ecn().reduced(next);
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

  // ---- what was sent ----

  /** Sequence numbers in flight. */
  long inFlight() {
    return recovery.inFlight();
  }

  /** New sequence numbers were sent. */
  void sent(int count, long now) {
    boolean first = !hasInFlight();
    int entry = board.sent(next, count, segmentSize, now);
    rate.sent(board, entry, first, now);
    next += count;
    highest = SequenceNumber.max(highest, next);
    if (!timing && !recovery.hasLost()) {
      timing = true;
      timedEnd = next;
      timedAt = now;
    }
    if (first) {
      timers.armRetransmission(now);
    }
    recovery.sent(count, now);
  }

  /** What was lost was sent again, in that many segments. */
  void sentAgain(int entry, int segments, long now) {
    // Karn, RFC 6298 §3: no sample from what was sent twice.
    timing = false;
    retransmitted += segments;
    boolean first = recovery.isForced() || entry == board.first();
    boolean idle = inFlight() == 0;
    board.sentAgain(entry, segmentSize, now);
    rate.sent(board, entry, idle, now);
    recovery.sentAgain(entry, now);
    if (first) {
      // The timer was started by what this repairs: give it the time of a round trip.
      timers.armRetransmission(now);
    }
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
    if (wrong == null && SequenceNumber.greaterThan(next, initial + 1)) {
      wrong = board.check(first, next);
    }
    return wrong != null ? wrong : recovery.check();
  }
}
