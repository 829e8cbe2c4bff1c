package org.penstock.core.internal.tcp;

import java.util.PriorityQueue;
import java.util.Random;
import org.penstock.core.internal.wire.TcpHeader;

/** Joins two hosts in virtual time by a pipe that loses, duplicates and reorders, by a seed. */
final class LossyPipe {

  private record Arrival(long at, long order, Host to, FakeOutput.Sent sent)
      implements Comparable<Arrival> {
    @Override
    public int compareTo(Arrival other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final Host first;
  private final Host second;
  private final Random random;
  private final PriorityQueue<Arrival> flight = new PriorityQueue<>();
  private long order;
  double loss;
  double duplication;
  double reordering;
  long delay = 10 * Host.MILLIS;

  /** What the way from the first host to the second carries, in bytes a second; 0 for all. */
  long rate;

  /** Bytes that wait for it at most. */
  long queueLimit = Long.MAX_VALUE;

  /** Bytes that waited for it at most. */
  long longestQueue;

  /** Bytes that it has carried. */
  long carried;

  private long free;

  int lost;
  int duplicated;
  int reordered;

  LossyPipe(Host first, Host second, Random random) {
    this.first = first;
    this.second = second;
    this.random = random;
  }

  long now() {
    return first.now();
  }

  /** Takes what was sent into the pipe. */
  void collect() {
    collect(first, second);
    collect(second, first);
  }

  private void collect(Host from, Host to) {
    for (FakeOutput.Sent sent = from.output.sent.poll();
        sent != null;
        sent = from.output.sent.poll()) {
      if (sent.gsoSize() > 0 && random.nextBoolean()) {
        cut(sent, to);
      } else {
        carry(sent, to);
      }
    }
  }

  /** What a device does to a super-segment. */
  private void cut(FakeOutput.Sent sent, Host to) {
    TcpHeader whole = sent.header();
    for (int from = 0; from < sent.text().length; from += sent.gsoSize()) {
      int end = Math.min(from + sent.gsoSize(), sent.text().length);
      byte[] piece = java.util.Arrays.copyOfRange(sent.text(), from, end);
      int flags = end == sent.text().length ? whole.flags() : whole.flags() & ~9;
      TcpHeader header =
          new TcpHeader(
              whole.sourcePort(),
              whole.destinationPort(),
              whole.sequence() + from,
              whole.acknowledgment(),
              flags,
              whole.window(),
              0,
              whole.options());
      carry(
          new FakeOutput.Sent(
              sent.at(),
              sent.local(),
              sent.remote(),
              header,
              piece,
              0,
              sent.ecn(),
              sent.dscp(),
              sent.timeToLive()),
          to);
    }
  }

  private void carry(FakeOutput.Sent sent, Host to) {
    if (random.nextDouble() < loss) {
      lost++;
      return;
    }
    long queued = rate > 0 && to == second ? queue(sent) : 0;
    if (queued < 0) {
      lost++;
      return;
    }
    long at = now() + queued + delay;
    if (random.nextDouble() < reordering) {
      reordered++;
      at += random.nextLong(delay);
    }
    flight.add(new Arrival(at, order++, to, sent));
    if (random.nextDouble() < duplication) {
      duplicated++;
      flight.add(new Arrival(at + random.nextLong(delay), order++, to, sent));
    }
  }

  /** How long it takes until the last bit has left, negative if there is no room for it. */
  private long queue(FakeOutput.Sent sent) {
    int length = sent.text().length + 40;
    long wait = Math.max(0, free - now());
    long waiting = wait * rate / Host.SECOND;
    if (waiting + length > queueLimit) {
      return -1;
    }
    longestQueue = Math.max(longestQueue, waiting);
    carried += length;
    free = now() + wait + length * Host.SECOND / rate;
    return free - now();
  }

  /**
   * Does what is due next.
   *
   * @return false if nothing is due before the deadline
   */
  boolean step(long deadline) {
    collect();
    Arrival arrival = flight.peek();
    long next = arrival == null ? Long.MAX_VALUE : arrival.at;
    next = Math.min(next, Math.min(first.nextDeadline(), second.nextDeadline()));
    if (next > deadline) {
      first.runTo(deadline);
      second.runTo(deadline);
      return false;
    }
    next = Math.max(next, now());
    first.runTo(next);
    second.runTo(next);
    while (arrival != null && arrival.at <= next) {
      flight.poll();
      FakeOutput.Sent sent = arrival.sent;
      arrival.to.deliver(sent.local(), sent.header(), sent.text(), sent.gsoSize());
      if (random.nextInt(3) > 0) {
        arrival.to.finish();
      }
      arrival = flight.peek();
    }
    first.finish();
    second.finish();
    return true;
  }
}
