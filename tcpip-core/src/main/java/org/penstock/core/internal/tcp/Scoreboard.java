package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What was sent and is not acknowledged: SND.UNA to SND.NXT as ranges, each with when it was sent
 * last and what is known of it (the scoreboard of RFC 6675 §3, with the times of RFC 8985 §5.2). It
 * holds sequence numbers and never packets: what is to be sent again is cut anew from the send
 * queue.
 *
 * <p>Each transmission makes one entry, a super-segment too; it is cut where a selective
 * acknowledgement or a retransmission covers a part of it, and neighbours that are selectively
 * acknowledged become one. So a bulk transfer has few entries, and each acknowledgement looks at
 * those it changes.
 *
 * <p>Entries hang together twice: by sequence number, and, those that are in flight, by the time of
 * their last transmission. Owned by the cell; sizes in bytes, FIN counts as one.
 */
final class Scoreboard {

  /** No entry. */
  static final int NONE = Transmissions.NONE;

  private static final int SACKED = 1;
  private static final int LOST = 2;
  private static final int RETRANSMITTED = 4;
  private static final int APPLICATION_LIMITED = 8;

  private final Transmissions table;
  private int head = NONE;
  private int tail = NONE;
  private int oldest = NONE;
  private int newest = NONE;

  private long sacked;
  private int sackedSegments;
  private long lost;
  private int highestSacked;

  /** Where the last selective acknowledgement was looked for. */
  private int looked = NONE;

  /** No entry before this one is lost; {@link #NONE} where nothing is known. */
  private int lostFrom = NONE;

  Scoreboard(Transmissions table) {
    this.table = table;
  }

  // ---- what there is ----

  /** True if nothing is in flight, and nothing is held. */
  boolean isEmpty() {
    return head == NONE;
  }

  /** The entry that begins at SND.UNA. */
  int first() {
    return head;
  }

  /** The entry that ends at SND.NXT. */
  int last() {
    return tail;
  }

  /** The entry behind one. */
  int next(int entry) {
    return table.next[entry];
  }

  /** Of what is in flight, the entry that was sent longest ago. */
  int oldest() {
    return oldest;
  }

  /** Of what is in flight, the entry that was sent next after one. */
  int later(int entry) {
    return table.later[entry];
  }

  int from(int entry) {
    return table.from[entry];
  }

  /** The sequence number behind its last: Segment.end_seq of RFC 8985. */
  int to(int entry) {
    return table.to[entry];
  }

  int length(int entry) {
    return table.to[entry] - table.from[entry];
  }

  /** Payload bytes of each of its segments. */
  int segmentSize(int entry) {
    return table.size[entry];
  }

  /** When it was sent last: Segment.xmit_ts. */
  long sentAt(int entry) {
    return table.sentAt[entry];
  }

  /** True if it was sent more than once. */
  boolean isRetransmitted(int entry) {
    return (table.marks[entry] & RETRANSMITTED) != 0;
  }

  boolean isSacked(int entry) {
    return (table.marks[entry] & SACKED) != 0;
  }

  boolean isLost(int entry) {
    return (table.marks[entry] & LOST) != 0;
  }

  /** What of it all was selectively acknowledged. */
  long sacked() {
    return sacked;
  }

  /** Segments that were selectively acknowledged: RACK.segs_sacked. */
  int sackedSegments() {
    return sackedSegments;
  }

  /** What is lost and was not sent again. */
  long lost() {
    return lost;
  }

  /**
   * Behind the highest sequence number that was selectively acknowledged; means something only
   * while something is.
   */
  int highestSacked() {
    return highestSacked;
  }

  // ---- the delivery-rate snapshot ----

  /** What was delivered when it was sent: P.delivered. */
  long delivered(int entry) {
    return table.delivered[entry];
  }

  /** When that was delivered: P.delivered_time. */
  long deliveredAt(int entry) {
    return table.deliveredAt[entry];
  }

  /** When the first of its flight was sent: P.first_sent_time. */
  long firstSentAt(int entry) {
    return table.firstSentAt[entry];
  }

  /** Whether the application limited sending then: P.is_app_limited. */
  boolean isApplicationLimited(int entry) {
    return (table.marks[entry] & APPLICATION_LIMITED) != 0;
  }

  /** Takes the snapshot. */
  void snapshot(int entry, long delivered, long deliveredAt, long firstSentAt, boolean limited) {
    table.delivered[entry] = delivered;
    table.deliveredAt[entry] = deliveredAt;
    table.firstSentAt[entry] = firstSentAt;
    table.marks[entry] =
        limited
            ? table.marks[entry] | APPLICATION_LIMITED
            : table.marks[entry] & ~APPLICATION_LIMITED;
  }

  // ---- sending ----

  /**
   * New sequence numbers were sent, right behind the last.
   *
   * @param size payload bytes of each segment of it
   * @return their entry
   */
  int sent(int from, int count, int size, long now) {
    int entry = table.take();
    table.from[entry] = from;
    table.to[entry] = from + count;
    table.size[entry] = size;
    table.marks[entry] = 0;
    table.sentAt[entry] = now;
    table.next[entry] = NONE;
    table.previous[entry] = tail;
    if (tail == NONE) {
      head = entry;
    } else {
      table.next[tail] = entry;
    }
    tail = entry;
    sentLast(entry);
    return entry;
  }

  /**
   * The first entry that is lost, at most that long: neighbours that are lost too become one with
   * it, what is beyond becomes one of its own.
   *
   * @return {@link #NONE} if nothing is lost
   */
  int firstLost(int most) {
    if (lost == 0) {
      return NONE;
    }
    int entry = lostFrom == NONE ? head : lostFrom;
    while (!isLost(entry)) {
      entry = table.next[entry];
    }
    lostFrom = entry;
    int behind = table.next[entry];
    while (length(entry) < most && behind != NONE && isLost(behind)) {
      absorb(entry);
      behind = table.next[entry];
    }
    if (length(entry) > most) {
      split(entry, table.from[entry] + most);
    }
    return entry;
  }

  /** An entry was sent again, the whole of it. */
  void sentAgain(int entry, int size, long now) {
    if (isLost(entry)) {
      lost -= length(entry);
    } else {
      unlinkTime(entry);
    }
    table.marks[entry] = table.marks[entry] & ~LOST | RETRANSMITTED;
    table.sentAt[entry] = now;
    table.size[entry] = size;
    sentLast(entry);
  }

  // ---- acknowledgements ----

  /** SND.UNA advances. */
  void acknowledge(int upTo, Delivery delivery) {
    while (head != NONE && SequenceNumber.lessThan(table.from[head], upTo)) {
      int entry = head;
      if (SequenceNumber.greaterThan(table.to[entry], upTo)) {
        split(entry, upTo);
      }
      if (isSacked(entry)) {
        sacked -= length(entry);
        sackedSegments -= table.segments[entry];
      } else {
        delivery.add(this, entry);
        if (isLost(entry)) {
          lost -= length(entry);
        } else {
          unlinkTime(entry);
        }
      }
      remove(entry);
    }
  }

  /**
   * The peer has a range that lies within SND.UNA and SND.NXT (RFC 2018 §5). Of a segment that it
   * covers in part nothing counts as arrived: peers acknowledge what was sent to them, and somebody
   * who acknowledges every second byte shall not make us remember them all.
   */
  void selectivelyAcknowledge(int left, int right, Delivery delivery) {
    int entry = find(left);
    if (entry != NONE && SequenceNumber.lessThan(table.from[entry], left)) {
      int size = table.size[entry];
      int cut = table.from[entry] + (left - table.from[entry] + size - 1) / size * size;
      int end = SequenceNumber.min(cut + size, table.to[entry]);
      if (!isSacked(entry)
          && SequenceNumber.lessThan(cut, end)
          && SequenceNumber.lessOrEqual(end, right)) {
        split(entry, cut);
      }
      entry = table.next[entry];
    }
    while (entry != NONE && SequenceNumber.lessThan(table.from[entry], right)) {
      if (!isSacked(entry)) {
        if (SequenceNumber.greaterThan(table.to[entry], right)) {
          int whole = (right - table.from[entry]) / table.size[entry] * table.size[entry];
          if (whole == 0) {
            return;
          }
          split(entry, table.from[entry] + whole);
        }
        delivery.add(this, entry);
        entry = sack(entry);
      }
      looked = entry;
      entry = table.next[entry];
    }
  }

  /** The entry in which a sequence number lies. */
  private int find(int sequence) {
    int entry = looked == NONE ? head : looked;
    while (entry != NONE && SequenceNumber.greaterThan(table.from[entry], sequence)) {
      entry = table.previous[entry];
    }
    while (entry != NONE && SequenceNumber.lessOrEqual(table.to[entry], sequence)) {
      entry = table.next[entry];
    }
    return entry;
  }

  private int sack(int entry) {
    if (isLost(entry)) {
      lost -= length(entry);
    } else {
      unlinkTime(entry);
    }
    int count = segmentsIn(entry);
    highestSacked =
        sacked == 0 ? table.to[entry] : SequenceNumber.max(highestSacked, table.to[entry]);
    sacked += length(entry);
    sackedSegments += count;
    table.segments[entry] = count;
    table.marks[entry] = table.marks[entry] & ~LOST | SACKED;
    int behind = table.next[entry];
    if (behind != NONE && isSacked(behind)) {
      absorb(entry);
    }
    int before = table.previous[entry];
    if (before != NONE && isSacked(before)) {
      absorb(before);
      return before;
    }
    return entry;
  }

  // ---- loss ----

  /** What is in flight counts as lost from now on. */
  void lose(int entry) {
    unlinkTime(entry);
    if (lost == 0
        || (lostFrom != NONE && SequenceNumber.lessThan(table.from[entry], table.from[lostFrom]))) {
      lostFrom = entry;
    }
    table.marks[entry] |= LOST;
    lost += length(entry);
  }

  /** The first sequence numbers, at most that many, count as lost. */
  void loseFirst(int most) {
    if (!isInFlight(head)) {
      return;
    }
    if (length(head) > most) {
      split(head, table.from[head] + most);
    }
    lose(head);
  }

  /** All that is in flight counts as lost. */
  void loseAll() {
    while (oldest != NONE) {
      lose(oldest);
    }
  }

  /** Nothing counts as lost any more: it is in flight after all. */
  void restore() {
    int after = NONE;
    for (int entry = head; entry != NONE && lost > 0; entry = table.next[entry]) {
      if (isLost(entry)) {
        table.marks[entry] &= ~LOST;
        lost -= length(entry);
        after = linkByTime(entry, after);
      }
    }
    lostFrom = NONE;
  }

  /** The peer may have thrown away what it had acknowledged selectively (RFC 2018 §8). */
  void forgetSacked() {
    for (int entry = head; entry != NONE && sacked > 0; entry = table.next[entry]) {
      if (isSacked(entry)) {
        sacked -= length(entry);
        sackedSegments -= table.segments[entry];
        table.marks[entry] = table.marks[entry] & ~SACKED | LOST;
        lost += length(entry);
      }
    }
    lostFrom = NONE;
  }

  /** Lets go of everything. */
  void clear() {
    while (head != NONE) {
      if (isInFlight(head)) {
        unlinkTime(head);
      }
      remove(head);
    }
    sacked = 0;
    sackedSegments = 0;
    lost = 0;
  }

  // ---- entries ----

  /** True if it is neither lost nor known to have arrived: it stands in the order of time. */
  private boolean isInFlight(int entry) {
    return (table.marks[entry] & (SACKED | LOST)) == 0;
  }

  private int segmentsIn(int entry) {
    return (length(entry) + table.size[entry] - 1) / table.size[entry];
  }

  /** Cuts an entry; the part behind becomes one of its own, with all that is known. */
  int split(int entry, int at) {
    int behind = table.take();
    table.from[behind] = at;
    table.to[behind] = table.to[entry];
    table.to[entry] = at;
    table.size[behind] = table.size[entry];
    table.marks[behind] = table.marks[entry];
    table.sentAt[behind] = table.sentAt[entry];
    table.delivered[behind] = table.delivered[entry];
    table.deliveredAt[behind] = table.deliveredAt[entry];
    table.firstSentAt[behind] = table.firstSentAt[entry];
    if (isSacked(entry)) {
      int all = table.segments[entry];
      int before = Math.clamp(segmentsIn(entry), 1, Math.max(1, all - 1));
      table.segments[entry] = before;
      table.segments[behind] = Math.max(1, all - before);
      sackedSegments += before + table.segments[behind] - all;
    }
    int next = table.next[entry];
    table.next[behind] = next;
    table.previous[behind] = entry;
    table.next[entry] = behind;
    if (next == NONE) {
      tail = behind;
    } else {
      table.previous[next] = behind;
    }
    if (isInFlight(entry)) {
      linkTime(behind, entry);
    }
    return behind;
  }

  /** Makes one entry of two neighbours that are both lost or both selectively acknowledged. */
  private void absorb(int entry) {
    int behind = table.next[entry];
    table.to[entry] = table.to[behind];
    table.size[entry] = Math.max(table.size[entry], table.size[behind]);
    if (isSacked(entry)) {
      table.segments[entry] += table.segments[behind];
    }
    table.marks[entry] |= table.marks[behind];
    table.sentAt[entry] = Math.max(table.sentAt[entry], table.sentAt[behind]);
    if (looked == behind) {
      looked = entry;
    }
    remove(behind);
  }

  private void remove(int entry) {
    int before = table.previous[entry];
    int behind = table.next[entry];
    if (before == NONE) {
      head = behind;
    } else {
      table.next[before] = behind;
    }
    if (behind == NONE) {
      tail = before;
    } else {
      table.previous[behind] = before;
    }
    if (looked == entry) {
      looked = behind;
    }
    if (lostFrom == entry) {
      lostFrom = behind;
    }
    table.give(entry);
  }

  // ---- the order of time ----

  private void sentLast(int entry) {
    linkTime(entry, newest);
  }

  private void linkTime(int entry, int after) {
    int behind = after == NONE ? oldest : table.later[after];
    table.earlier[entry] = after;
    table.later[entry] = behind;
    if (after == NONE) {
      oldest = entry;
    } else {
      table.later[after] = entry;
    }
    if (behind == NONE) {
      newest = entry;
    } else {
      table.earlier[behind] = entry;
    }
  }

  /** Puts an entry where its time is; most often that is not far behind the one put before. */
  private int linkByTime(int entry, int hint) {
    long time = table.sentAt[entry];
    int after = hint != NONE && table.sentAt[hint] <= time ? hint : NONE;
    int behind = after == NONE ? oldest : table.later[after];
    while (behind != NONE && table.sentAt[behind] <= time) {
      after = behind;
      behind = table.later[behind];
    }
    linkTime(entry, after);
    return entry;
  }

  private void unlinkTime(int entry) {
    int before = table.earlier[entry];
    int behind = table.later[entry];
    if (before == NONE) {
      oldest = behind;
    } else {
      table.later[before] = behind;
    }
    if (behind == NONE) {
      newest = before;
    } else {
      table.earlier[behind] = before;
    }
  }

  // ---- for tests ----

  /** What is wrong, for tests; null if nothing is. */
  @Nullable String check(int unacknowledged, int sendNext) {
    int expected = unacknowledged;
    long sackedFound = 0;
    int segmentsFound = 0;
    long lostFound = 0;
    int inFlight = 0;
    int before = NONE;
    boolean lostBefore = true;
    for (int entry = head; entry != NONE; entry = table.next[entry]) {
      lostBefore &= entry != lostFrom;
      if (table.from[entry] != expected || length(entry) <= 0 || table.previous[entry] != before) {
        return "the scoreboard has a gap before " + SequenceNumber.toString(table.from[entry]);
      }
      sackedFound += isSacked(entry) ? length(entry) : 0;
      segmentsFound += isSacked(entry) ? table.segments[entry] : 0;
      lostFound += isLost(entry) ? length(entry) : 0;
      inFlight += isInFlight(entry) ? 1 : 0;
      if (isSacked(entry) && isLost(entry)) {
        return "the scoreboard has something that is lost and has arrived";
      }
      if (isLost(entry) && lostBefore && lostFrom != NONE) {
        return "the scoreboard has something lost before the first that is";
      }
      if (isSacked(entry) && SequenceNumber.greaterThan(table.to[entry], highestSacked)) {
        return "the scoreboard has something selectively acknowledged above the highest";
      }
      expected = table.to[entry];
      before = entry;
    }
    if (before != tail || (head != NONE ? expected : unacknowledged) != sendNext) {
      return "the scoreboard does not end at SND.NXT";
    }
    if (sackedFound != sacked || segmentsFound != sackedSegments || lostFound != lost) {
      return "the scoreboard counts %d sacked in %d segments and %d lost, but has %d, %d and %d"
          .formatted(sacked, sackedSegments, lost, sackedFound, segmentsFound, lostFound);
    }
    return checkTimes(inFlight);
  }

  private @Nullable String checkTimes(int expected) {
    int found = 0;
    int before = NONE;
    for (int entry = oldest; entry != NONE; entry = table.later[entry]) {
      if (!isInFlight(entry)
          || table.earlier[entry] != before
          || (before != NONE && table.sentAt[before] > table.sentAt[entry])) {
        return "the scoreboard's order of time is broken";
      }
      before = entry;
      found++;
    }
    return before == newest && found == expected
        ? null
        : "the scoreboard has " + found + " entries in flight and not " + expected;
  }
}
