package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What of the flight counts as lost, and how that is recovered. What is in flight the {@link
 * Scoreboard} knows.
 *
 * <p>Where the peer acknowledges selectively {@link Rack} says what is lost (RFC 8985), and {@link
 * ProportionalRateReduction} how fast that is repaired (RFC 9937); recovery as such is that of RFC
 * 6675 §5. Where it does not, three {@link DuplicateAcknowledgments} say that the first segment is
 * lost, and each partial acknowledgement that the next one is: NewReno (RFC 6582). A timeout begins
 * slow start (RFC 5681 §3.1) in both. What turns out to be needless is taken back: {@link
 * ForwardRto} (RFC 5682), {@link SpuriousRetransmission}.
 *
 * <p>Owned by the cell. Sizes in bytes.
 */
final class LossRecovery {

  /** RFC 5681 §3.2: the third duplicate acknowledgement. */
  static final int THRESHOLD = 3;

  /** What goes on. */
  enum Phase {
    /** Nothing is lost, as far as we know. */
    OPEN,
    /** Fast recovery, until everything is acknowledged that was sent before it. */
    FAST,
    /** After a timeout: what was lost is sent again, by slow start. */
    TIMEOUT
  }

  private final Connection connection;
  private final Sender sender;
  private final Scoreboard board;
  private final Rack rack = new Rack();
  private final ProportionalRateReduction reduction = new ProportionalRateReduction();
  private final TailLossProbe probe = new TailLossProbe();
  private final ForwardRto forward = new ForwardRto();
  private final SpuriousRetransmission spurious = new SpuriousRetransmission();
  private final DuplicateAcknowledgments duplicates = new DuplicateAcknowledgments();
  private Phase phase = Phase.OPEN;
  private int point;
  private boolean forced;
  private boolean rescued;

  LossRecovery(Connection connection, Sender sender, Scoreboard board) {
    this.connection = connection;
    this.sender = sender;
    this.board = board;
  }

  /** Begins with the initial sequence number. */
  void begin(int initial) {
    phase = Phase.OPEN;
    point = initial;
    rack.begin(initial);
  }

  Phase phase() {
    return phase;
  }

  Rack rack() {
    return rack;
  }

  ForwardRto forward() {
    return forward;
  }

  /** True if the peer acknowledges selectively. */
  private boolean isSelective() {
    return connection.options().hasSack();
  }

  /** True if something counts as lost and was not sent again. */
  boolean hasLost() {
    return board.lost() > 0;
  }

  /** True if a segment is to be sent again whatever the windows are. */
  boolean isForced() {
    return forced;
  }

  /**
   * Sequence numbers in flight: sent, neither acknowledged nor lost nor known to have arrived (pipe
   * of RFC 6675 §4).
   */
  long inFlight() {
    long outstanding = sender.next() - sender.unacknowledged();
    return Math.max(0, outstanding - board.lost() - board.sacked() - duplicates.left());
  }

  /** How much more may be in flight, of the window that congestion control allows. */
  long room(long window) {
    long inFlight = inFlight();
    boolean proportional = phase == Phase.FAST && isSelective();
    long room = proportional ? reduction.room() : window - inFlight;
    // Where nothing is in flight nothing would come that could make room.
    return inFlight == 0 ? Math.max(room, sender.segmentSize()) : room;
  }

  // ---- acknowledgements ----

  /** An acknowledgement begins to be processed. */
  Delivery begin(long now) {
    Delivery delivery = connection.pcbs().delivery();
    long minimum = sender.rtt().minimum();
    // Where none is known, no answer has come too soon to be one.
    long soonest = minimum == Long.MAX_VALUE ? 0 : minimum;
    delivery.begin(now, soonest, rack.forwardMost(), point);
    return delivery;
  }

  /**
   * An acknowledgement has changed the scoreboard.
   *
   * @param advanced how far SND.UNA has moved
   * @param duplicate whether it is one in the sense of RFC 5681 §2
   */
  void acknowledged(Delivery delivery, Segment segment, int advanced, boolean duplicate) {
    if (advanced > 0) {
      forced = false;
    }
    takeBack(delivery, segment, advanced, duplicate);
    if (isSelective()) {
      selective(delivery, segment, advanced, duplicate);
    } else if (advanced > 0) {
      advanced(advanced, delivery.now());
    } else if (duplicate) {
      duplicate(delivery.now());
    }
  }

  private void takeBack(Delivery delivery, Segment segment, int advanced, boolean duplicate) {
    boolean reported =
        delivery.isDuplicate()
            && !probe.isAnsweredBy(delivery)
            && spurious.duplicate(delivery.duplicateLeft(), delivery.duplicateRight());
    boolean older =
        phase != Phase.OPEN
            && advanced > 0
            && delivery.isRetransmitted()
            && connection.options().hasTimestamps()
            && segment.options().hasTimestamps()
            && spurious.isOlder(segment.options().timestampEchoReply());
    boolean early =
        phase == Phase.TIMEOUT
            && !isComplete()
            && forward.acknowledged(delivery, advanced > 0, duplicate, isSelective());
    if (reported || older || early) {
      takeBack(delivery.now());
    }
  }

  /** Recovery was needless: nothing is lost, and the window is what it was (RFC 4015 §3.2). */
  private void takeBack(long now) {
    connection.pcbs().count(Counter.TCP_SPURIOUS);
    if (phase == Phase.FAST) {
      // What was sent again is not looked at by RFC 8985 §6.2 step 3, but this was reordering too.
      rack.reordering();
    }
    if (phase == Phase.TIMEOUT) {
      sender.rtt().forgetBackOff();
    }
    phase = Phase.OPEN;
    forced = false;
    board.restore();
    duplicates.clear();
    forward.stop();
    spurious.stop();
    sender.congestion().event(CongestionEvent.SPURIOUS, inFlight(), sender.rtt(), now);
  }

  private boolean isComplete() {
    return SequenceNumber.greaterOrEqual(sender.unacknowledged(), point);
  }

  /** All is acknowledged that was sent before recovery began (RFC 6675 §5, RFC 6582 §3.2). */
  private void end(long now) {
    boolean wasFast = phase == Phase.FAST;
    phase = Phase.OPEN;
    forward.stop();
    rack.recovered();
    if (wasFast) {
      sender.congestion().event(CongestionEvent.RECOVERED, inFlight(), sender.rtt(), now);
    }
  }

  private void beginFast(long now) {
    connection.pcbs().count(Counter.TCP_FAST_RETRANSMITS);
    sender.congest(CongestionEvent.LOSS, now);
    phase = Phase.FAST;
    point = sender.next();
    rescued = false;
    probe.forget();
    spurious.begin(sender.unacknowledged());
  }

  // ---- with selective acknowledgements ----

  private void selective(Delivery delivery, Segment segment, int advanced, boolean duplicate) {
    long now = delivery.now();
    boolean ordered = !rack.isReorderingSeen();
    rack.delivered(delivery);
    if (ordered && rack.isReorderingSeen()) {
      connection.pcbs().count(Counter.TCP_REORDERINGS);
    }
    if (delivery.isDuplicate() && !probe.isAnsweredBy(delivery)) {
      rack.duplicate(sender.unacknowledged(), sender.next());
    }
    boolean plain = duplicate && segment.options().sackBlocks() == 0;
    if (probe.acknowledged(segment.acknowledgment(), delivery, plain)) {
      // RFC 8985 §7.4.1: a loss is a loss, also where it is repaired already.
      sender.congest(CongestionEvent.LOSS, now);
      sender.congestion().event(CongestionEvent.RECOVERED, inFlight(), sender.rtt(), now);
    }
    if (phase != Phase.OPEN && isComplete()) {
      end(now);
    }
    long lost = board.lost();
    detectLoss(now);
    boolean more = board.lost() > lost;
    if (phase == Phase.OPEN && hasLost()) {
      beginFast(now);
      beginReduction(delivery.bytes());
    }
    if (phase == Phase.FAST) {
      boolean safe = advanced > 0 && !more;
      reduction.acknowledged(delivery.bytes(), inFlight(), safe, sender.segmentSize());
    }
    if (delivery.bytes() > 0) {
      scheduleProbe(now);
    }
  }

  /** RACK_detect_loss_and_arm_timer of RFC 8985 §6.2. */
  private void detectLoss(long now) {
    boolean recovering = phase != Phase.OPEN;
    long window = rack.reorderingWindow(recovering, board.sackedSegments(), sender.rtt());
    long timeout = rack.detectLoss(board, window, now);
    if (timeout > 0) {
      connection.timers().arm(ConnectionTimers.REORDERING, now + timeout);
    } else {
      connection.timers().cancel(ConnectionTimers.REORDERING);
    }
  }

  /** RFC 9937 §6: RecoverFS is what was in flight before this acknowledgement. */
  private void beginReduction(long delivered) {
    long outstanding = sender.next() - sender.unacknowledged();
    long flight = outstanding - board.sacked() + delivered;
    reduction.begin(sender.congestion().state().threshold(), flight);
  }

  /** RFC 8985 §6.3: the reordering timer has expired. */
  void reorderingTimeout(long now) {
    detectLoss(now);
    if (phase == Phase.OPEN && hasLost()) {
      beginFast(now);
      beginReduction(0);
    }
    if (phase == Phase.FAST) {
      reduction.reorderingTimeout(inFlight(), sender.segmentSize());
    }
    connection.flushLater();
  }

  // ---- tail loss probe ----

  /** RFC 8985 §7.2: something was sent or acknowledged, and there may be no more to come. */
  private void scheduleProbe(long now) {
    ConnectionTimers timers = connection.timers();
    if (!mayProbe() || !timers.isArmed(ConnectionTimers.RETRANSMIT)) {
      timers.cancel(ConnectionTimers.PROBE);
      return;
    }
    // Two full-sized segments are acknowledged at once (RFC 9293 §3.8.6.3), two small ones not.
    boolean little = sender.next() - sender.unacknowledged() < 2 * sender.segmentSize();
    RttEstimator rtt = sender.rtt();
    long due = now + TailLossProbe.timeout(rtt.smoothed(), rtt.minimumTimeout(), little);
    timers.arm(ConnectionTimers.PROBE, Math.min(due, timers.deadline(ConnectionTimers.RETRANSMIT)));
  }

  /**
   * Has a probe go out when an acknowledgement is overdue, and not some time after that. One that
   * is out went the way that is no more: it is not waited for (RFC 8985 §7.3 has one at a time).
   */
  void probeSoon(long now) {
    ConnectionTimers timers = connection.timers();
    probe.forget();
    if (mayProbe() && timers.isArmed(ConnectionTimers.RETRANSMIT)) {
      long due = now + sender.rtt().smoothed();
      long timeout = timers.deadline(ConnectionTimers.RETRANSMIT);
      timers.arm(ConnectionTimers.PROBE, Math.min(due, timeout));
    }
  }

  private boolean mayProbe() {
    return isSelective()
        && phase == Phase.OPEN
        && sender.hasInFlight()
        && board.sacked() == 0
        && !probe.isOut();
  }

  /** RFC 8985 §7.3, TLP_send_probe: the probe timeout has expired. */
  void probeTimeout(long now) {
    if (!mayProbe() || connection.isBlocked()) {
      return;
    }
    int before = sender.next();
    if (sender.transmitter().probe(now)) {
      connection.pcbs().count(Counter.TCP_LOSS_PROBES);
      probe.sent(sender.next(), sender.next() == before);
      connection.timers().cancel(ConnectionTimers.PROBE);
      sender.timers().armRetransmission(now);
    }
  }

  // ---- what goes next ----

  /**
   * NextSeg() of RFC 6675 §4, rule 4: nothing lost and nothing new is to be sent, so the end of the
   * flight goes once more, once in a recovery, in case that it was lost. Rule 3 is not here: a
   * segment that may yet prove lost is the reordering timer's.
   *
   * @return the entry to send, or {@link Scoreboard#NONE}
   */
  int rescue() {
    int last = board.last();
    if (phase != Phase.FAST
        || rescued
        || !isSelective()
        || last == Scoreboard.NONE
        || board.isSacked(last)
        || board.isLost(last)
        || board.isRetransmitted(last)
        || reduction.room() < sender.segmentSize()) {
      return Scoreboard.NONE;
    }
    rescued = true;
    return lastSegment();
  }

  /** The last segment of the flight, as an entry of its own. */
  int lastSegment() {
    int last = board.last();
    int size = sender.segmentSize();
    return board.length(last) > size ? board.split(last, board.to(last) - size) : last;
  }

  // ---- without ----

  private void duplicate(long now) {
    int size = sender.segmentSize();
    if (phase == Phase.TIMEOUT) {
      duplicates.arrived();
      return;
    }
    duplicates.arrived(size, outstanding() - size);
    // RFC 6582 §3.2 step 2: not again for what the last recovery has covered.
    if (phase == Phase.OPEN
        && duplicates.count() == THRESHOLD
        && SequenceNumber.greaterThan(sender.unacknowledged(), point)) {
      beginFast(now);
      board.loseFirst(size);
      forced = true;
    }
  }

  private long outstanding() {
    return sender.next() - sender.unacknowledged() - board.lost();
  }

  private void advanced(int acknowledged, long now) {
    if (phase == Phase.FAST && !isComplete()) {
      // RFC 6582 §3.2 step 3, partial acknowledgement: the next segment is lost too. The window is
      // deflated by what was acknowledged and inflated by one segment.
      int size = sender.segmentSize();
      board.loseFirst(size);
      forced = true;
      duplicates.partial(acknowledged, size, outstanding());
      return;
    }
    duplicates.clear();
    if (phase != Phase.OPEN && isComplete()) {
      end(now);
    }
  }

  // ---- timeout, and what was sent ----

  /** The retransmission timer has expired: what is old enough counts as lost. */
  void timeout(long now) {
    boolean recovering = phase != Phase.OPEN;
    // RFC 5682 §2.1 step 1: not if it is about a timeout's retransmission.
    boolean again = phase == Phase.TIMEOUT && !isComplete();
    beginTimeout();
    if (!again) {
      // Else what went again before counts on: it is the first reduction that would be taken back.
      spurious.begin(sender.unacknowledged());
      forward.begin();
    }
    if (!isSelective()) {
      board.loseAll();
      return;
    }
    if (board.isSacked(board.first())) {
      // Differs from RFC 2018 §8, which forgets selective acknowledgements at each timeout, because
      // they still are the best knowledge there is; but a peer that does not acknowledge what it
      // said it had has thrown it away.
      connection.pcbs().count(Counter.TCP_RENEGED);
      board.forgetSacked();
    }
    long window = rack.reorderingWindow(recovering, board.sackedSegments(), sender.rtt());
    rack.timeout(board, sender.segmentSize(), window, now);
  }

  /** All that is in flight was lost, and not for congestion. */
  void loseAll() {
    beginTimeout();
    // No congestion, so there is no reduction to take back.
    spurious.stop();
    board.loseAll();
  }

  private void beginTimeout() {
    phase = Phase.TIMEOUT;
    // RFC 6582 §3.2 step 4, RFC 6675 §5.1.
    point = sender.next();
    duplicates.clear();
    forward.stop();
    probe.forget();
    forced = true;
  }

  /** New sequence numbers were sent. */
  void sent(int bytes, long now) {
    reduction.sent(bytes);
    if (forward.isForward()) {
      forward.sent();
    }
    scheduleProbe(now);
  }

  /** An entry has been sent again. */
  void sentAgain(int entry, long now) {
    forced = false;
    if (phase != Phase.OPEN) {
      reduction.sent(board.length(entry));
      int stamp = connection.timestamps().value(now);
      spurious.sentAgain(board.from(entry), board.to(entry), stamp);
    }
  }

  /** What is wrong, for tests; null if nothing is. */
  @Nullable String check() {
    if (duplicates.left() > sender.next() - sender.unacknowledged()) {
      return "more segments have left the network than were sent";
    }
    if (!isSelective() && board.sacked() > 0) {
      return "a peer acknowledges selectively that may not";
    }
    return phase == Phase.OPEN && hasLost() ? "something is lost without recovery" : null;
  }
}
