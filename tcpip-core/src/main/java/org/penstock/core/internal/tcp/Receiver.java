package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.MemoryPressure;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * The receiving half of a connection: the RCV variables of RFC 9293 §3.3.1, the window that is
 * offered, and when to acknowledge. Mutable, allocates nothing; owned by the cell.
 *
 * <p>On data's way: {@link SegmentArrives} has trimmed the segment to the window; its text goes to
 * the {@link ReceiveQueue}, or to {@link Reassembly} if it is ahead; the user takes it from there.
 * Acknowledgements and window updates leave once, at the end of the occupation.
 */
final class Receiver {

  private final Connection connection;
  private final Buffers buffers;
  private final ReceiveQueue queue = new ReceiveQueue();
  private final Reassembly reassembly = new Reassembly();
  private final QuickAcks quickAcks = new QuickAcks();
  private final UrgentData urgent = new UrgentData();

  private final ReceiveSizing sizing;
  private int shift;
  private int uncredited;
  private int initial;
  private int next;
  private int edge;
  private int acknowledged;
  private int segmentSize = TcpLimits.DEFAULT_SEGMENT_IPV4;
  private int largestSegment = TcpLimits.DEFAULT_SEGMENT_IPV4;

  private boolean ackNow;
  private boolean opening;
  private int duplicates;
  private boolean finSeen;
  private int finSequence;
  private boolean finished;

  Receiver(Connection connection, Buffers buffers, ReceiveSizing sizing) {
    this.connection = connection;
    this.buffers = buffers;
    this.sizing = sizing;
    // It cannot be changed later, so it is for the largest that the limit may become.
    this.shift = shiftFor(sizing.most());
  }

  /** The least window scale that lets a window of that size be offered (RFC 7323 §2.2). */
  static int shiftFor(int limit) {
    int shift = 0;
    while (limit >>> shift > 0xffff) {
      shift++;
    }
    return shift;
  }

  /** The peer's SYN has come. */
  void begin(int irs) {
    initial = irs;
    next = irs + 1;
    acknowledged = next;
    // What the window field of our SYN offers is never scaled (RFC 7323 §2.2).
    edge = next + Math.min(limit(), 0xffff);
  }

  /** What both SYNs say about options is known. */
  void negotiated(NegotiatedOptions options) {
    if (!options.isScaling()) {
      shift = 0;
    }
  }

  /** Our segment size, as our SYN names it. */
  void segmentSize(int bytes) {
    largestSegment = bytes;
    segmentSize = Math.min(bytes, TcpLimits.DEFAULT_SEGMENT_IPV4);
  }

  /** The most the user wants held, 0 for sizing. The window does not shrink, it grows slowly. */
  void wanted(int bytes) {
    sizing.wanted(bytes);
  }

  /** The most that may be held. */
  int limit() {
    return sizing.limit();
  }

  int shift() {
    return shift;
  }

  /** IRS. */
  int initial() {
    return initial;
  }

  /** RCV.NXT. */
  int next() {
    return next;
  }

  /** Last.ACK.sent (RFC 7323 §4.3). */
  int acknowledged() {
    return acknowledged;
  }

  /** RCV.NXT + RCV.WND: behind the last sequence number ever offered. */
  int edge() {
    return edge;
  }

  /** RCV.WND. */
  int window() {
    return edge - next;
  }

  ReceiveQueue queue() {
    return queue;
  }

  Reassembly reassembly() {
    return reassembly;
  }

  /** True if the peer's FIN and all before it have come. */
  boolean isFinished() {
    return finished;
  }

  /** Bytes that count against the window: not taken, or taken and not credited. */
  int held() {
    return queue.bytes() + uncredited;
  }

  // ---- text ----

  /**
   * Takes the text and FIN of a segment that was trimmed to the window (RFC 9293 §3.10.7.4, seventh
   * and eighth step).
   *
   * @return true if the FIN is reached
   */
  boolean take(Segment segment) {
    if (finSeen) {
      int beyond = segment.sequence() + segment.length() - finSequence;
      if (beyond > 0) {
        segment.trimEnd(beyond + (segment.has(TcpFlags.FIN) ? 1 : 0));
      }
    } else if (segment.has(TcpFlags.FIN)) {
      finSeen = true;
      finSequence = segment.sequence() + segment.length();
    }
    if (segment.length() > 0) {
      int piece = Math.min(segment.pieceSize(), largestSegment);
      segmentSize = Math.max(segmentSize, piece);
      if (segment.sequence() == next) {
        inOrder(segment);
      } else {
        ahead(segment);
      }
    } else if (segment.has(TcpFlags.FIN) && segment.sequence() != next) {
      oweDuplicates(1);
    }
    if (finSeen && !finished && SequenceNumber.greaterOrEqual(next, finSequence)) {
      finished = true;
      reassembly.clear();
      next++;
      edge = SequenceNumber.max(edge, next);
      acknowledgeNow();
      return true;
    }
    return false;
  }

  private void inOrder(Segment segment) {
    int length = segment.length();
    int taken = queue.append(segment, buffers);
    if (taken < length && prune()) {
      segment.trimFront(taken);
      taken += queue.append(segment, buffers);
    }
    next += taken;
    reassembly.blocks().addCovered(next);
    if (taken < length) {
      // The peer sends the rest again.
      connection.pcbs().drop(DropReason.TCP_RECEIVE_MEMORY);
      acknowledgeNow();
    }
    if (!reassembly.isEmpty()) {
      // RFC 5681 §4.2: at once when a gap is filled, wholly or in part.
      next += reassembly.drain(next, queue);
      acknowledgeNow();
    }
    if (taken > 0) {
      quickAcks.text(connection.pcbs().now(), connection.sender().rtt().timeout());
      connection.end().received();
      connection.flushLater();
    }
  }

  private void ahead(Segment segment) {
    connection.pcbs().count(Counter.TCP_OUT_OF_ORDER);
    quickAcks.disorder();
    if (buffers.pressure() == MemoryPressure.HARD) {
      prune();
      connection.pcbs().drop(DropReason.TCP_RECEIVE_MEMORY);
      oweDuplicates(segment.pieces());
      return;
    }
    switch (reassembly.insert(segment, buffers)) {
      case KEPT -> {}
      case DUPLICATE -> connection.pcbs().count(Counter.TCP_DUPLICATE_DATA);
      case NO_MEMORY -> connection.pcbs().drop(DropReason.TCP_RECEIVE_MEMORY);
    }
    oweDuplicates(segment.pieces());
  }

  /**
   * Gives up what was received out of order, and no longer reports it: the peer has it still (RFC
   * 2018 §8). True if there was any.
   */
  private boolean prune() {
    if (reassembly.isEmpty()) {
      return false;
    }
    connection.pcbs().count(Counter.TCP_PRUNED, reassembly.bytes());
    reassembly.clear();
    return true;
  }

  /** RFC 5681 §4.2: a duplicate acknowledgement at once, for each segment. */
  private void oweDuplicates(int count) {
    if (connection.options().hasSack()) {
      // Differs from RFC 5681 §4.2 in that one does for all segments of an occupation, if it can
      // report what has come with them: the sender counts what has arrived, not how often it was
      // told of that (RFC 6675 §2).
      ackNow = true;
    } else {
      duplicates = Math.min(duplicates + count, TcpLimits.DUPLICATES_OWED);
    }
    connection.flushLater();
  }

  /** RFC 9293 §3.8.5 (MUST-32): the user learns of urgent data as soon as we do, and of more. */
  void urgent(int end) {
    if (urgent.extend(end, firstUnread())) {
      connection.end().urgent();
    }
  }

  /** How many bytes up to the end of urgent data the user has not taken, 0 if there are none. */
  int urgentBytes() {
    return urgent.from(firstUnread());
  }

  private int firstUnread() {
    return next - (finished ? 1 : 0) - queue.bytes();
  }

  /** Text has come that was received before, all of it below RCV.NXT. */
  void old(int from, int to) {
    reassembly.blocks().addDuplicate(from, to);
    quickAcks.disorder();
  }

  // ---- the user ----

  /** The user took bytes that it will credit later. */
  void taken(int bytes) {
    uncredited += bytes;
    urgent.advance(firstUnread());
  }

  /** The user gives window back. */
  void credit(int bytes) {
    uncredited -= bytes;
    opened(bytes);
  }

  /** The user has made room for that much: the peer may have to know. */
  void opened(int bytes) {
    RttEstimator rtt = connection.sender().rtt();
    long roundTrip = rtt.smoothed() == 0 ? rtt.timeout() : rtt.smoothed();
    boolean enough = buffers.pressure() == MemoryPressure.NONE;
    sizing.taken(bytes, roundTrip, enough, connection.pcbs().now());
    urgent.advance(firstUnread());
    opening = true;
    connection.flushLater();
  }

  int uncredited() {
    return uncredited;
  }

  // ---- acknowledgements ----

  /** Which of them don't wait. */
  QuickAcks quickAcks() {
    return quickAcks;
  }

  /** An acknowledgement is to leave at the end of the occupation. */
  void acknowledgeNow() {
    ackNow = true;
    duplicates = 0;
    connection.flushLater();
  }

  /** True if what has come twice or out of order is to be reported now. */
  boolean isReportDue() {
    return connection.options().hasSack() && reassembly.blocks().isReportDue();
  }

  /** True if an acknowledgement that leaves now says more than RCV.NXT. */
  boolean hasReport() {
    return connection.options().hasSack() && !reassembly.blocks().isEmpty();
  }

  /** Duplicate acknowledgements to send now. */
  int duplicatesOwed() {
    return duplicates;
  }

  /** A duplicate acknowledgement has left. */
  void duplicateSent() {
    duplicates--;
  }

  /** True if an acknowledgement is to leave now. */
  boolean isAcknowledgementDue() {
    // RFC 9293 §3.8.6.3 (MUST-59): at least for every second full-sized segment.
    return ackNow
        || next - acknowledged >= 2 * segmentSize
        || (next != acknowledged && quickAcks.isDue())
        || isWindowUpdateDue();
  }

  /** True if something was received that is not acknowledged. */
  boolean isAcknowledgementPending() {
    return next != acknowledged;
  }

  /**
   * True if the window has opened so far that the peer should know at once: it may be waiting for
   * that (RFC 9293 §3.8.6.2.2).
   */
  private boolean isWindowUpdateDue() {
    if (!opening || finished) {
      return false;
    }
    int opened = newEdge() - edge;
    if (opened <= 0) {
      return false;
    }
    int most = most();
    boolean small = edge - next <= most / 8 || most <= 8 * largestSegment;
    return opened >= most / 2 || (opened >= 2 * largestSegment && (small || opened >= most / 4));
  }

  /** The largest window that is wanted and that the window field can express. */
  private int most() {
    return Math.min(TcpLimits.scarce(limit(), buffers.pressure()), 0xffff << shift);
  }

  /** Where the window may end, silly windows avoided. */
  private int newEdge() {
    int free = most() - held();
    int wanted = next + Math.max(0, free);
    // RFC 9293 §3.8.6.2.2: moves on only by a segment or half the buffer at once; never back.
    int step = Math.min(most() / 2, largestSegment);
    return wanted - edge >= step ? wanted : edge;
  }

  /** The window field of a segment that leaves now. */
  int windowField() {
    int target = newEdge();
    int field = target - next >>> shift;
    if (shift > 0 && SequenceNumber.lessThan(next + (field << shift), edge)) {
      // RFC 7323 §2.4: rounding down would take a part of the window back. So round up, while that
      // doesn't add up to much; else the peer sees a little less than we would take.
      int free = Math.max(0, limit() - held());
      if ((field + 1 << shift) <= free + limit() / 16) {
        field++;
      }
    }
    return Math.min(field, 0xffff);
  }

  /** A segment with an acknowledgement and that window field has left. */
  void acknowledgementSent(int field) {
    edge = SequenceNumber.max(edge, next + (field << shift));
    acknowledged = next;
    ackNow = false;
    opening = false;
    quickAcks.sent();
    connection.timers().cancel(ConnectionTimers.DELAYED_ACK);
  }

  /** What waited to be acknowledged can't be: as if the segment were lost on its way. */
  void acknowledgementLost() {
    acknowledged = next;
    duplicates = 0;
    ackNow = false;
    connection.timers().cancel(ConnectionTimers.DELAYED_ACK);
  }

  /** Lets go of everything received. */
  void clear() {
    queue.clear();
    reassembly.clear();
  }

  /** What is wrong, for tests; null if nothing is. */
  @Nullable String check() {
    if (SequenceNumber.greaterThan(next, edge)) {
      return "RCV.NXT is beyond the window";
    }
    if (SequenceNumber.greaterThan(acknowledged, next)) {
      return "more is acknowledged than was received";
    }
    String wrong = queue.check();
    return wrong != null ? wrong : reassembly.check(next, edge);
  }
}
