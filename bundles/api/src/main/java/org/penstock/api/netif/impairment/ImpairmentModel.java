package org.penstock.api.netif.impairment;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.penstock.api.netif.LinkType;

/**
 * One direction of a bad network: given the time and a frame, it says when that frame arrives, how
 * often, and with which bit flipped. The same configuration, seed, times and frames give the same
 * answers.
 *
 * <p>Each impairment has a source of chance of its own that is drawn from for every frame, so that
 * taking one impairment out of a failing run leaves the others as they were. Not thread-safe.
 */
public final class ImpairmentModel {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** The sources of chance; adding one at the end keeps the others' sequences. */
  private enum Chance {
    LOSS,
    BURST_CHANGE,
    BURST_LOSS,
    JITTER,
    REORDER,
    REORDER_TIME,
    DUPLICATE,
    DUPLICATE_TIME,
    CORRUPT,
    CORRUPT_DUPLICATE,
    CORRUPT_BIT
  }

  private ImpairmentConfig config;
  private final LinkType linkType;
  private final CorruptibleBits corruptible;
  private final SplittableRandom[] chances = new SplittableRandom[Chance.values().length];
  private final long[] counts = new long[Impairment.values().length];

  private long frames;
  private long arrivals;
  private boolean bad;
  private long lineFreeAt;
  private long lastInOrder;
  private long latest;

  /**
   * A network in its initial state.
   *
   * @param linkType what the frames start with
   */
  public ImpairmentModel(ImpairmentConfig config, LinkType linkType, long seed) {
    this.config = config;
    this.linkType = linkType;
    this.corruptible = new CorruptibleBits(linkType);
    SplittableRandom root = new SplittableRandom(seed);
    for (Chance chance : Chance.values()) {
      // Split, with a step of its own: sources whose seeds differ by multiples of the usual step
      // would give the same numbers a few draws apart.
      chances[chance.ordinal()] = root.split();
    }
  }

  /** What it is like at this moment. */
  public ImpairmentConfig config() {
    return config;
  }

  /** Becomes another network; what waits in the queue has been decided about. */
  public void config(ImpairmentConfig other) {
    config = other;
  }

  /**
   * Decides about one frame.
   *
   * @param nowNanos when it was sent; never earlier than at the call before
   * @param frame its octets from the link header on; not changed
   * @return its arrivals: none if it is lost, two if it is duplicated
   */
  public List<Arrival> decide(long nowNanos, MemorySegment frame) {
    frames++;
    boolean lost = chance(Chance.LOSS, config.loss());
    boolean burstLost = burstLoss();
    long jitter = upTo(Chance.JITTER, config.jitterNanos());
    boolean held = chance(Chance.REORDER, config.reorder());
    long holding = upTo(Chance.REORDER_TIME, config.reorderNanos());
    boolean twice = chance(Chance.DUPLICATE, config.duplicate());
    long second = upTo(Chance.DUPLICATE_TIME, config.duplicateNanos());
    boolean corrupt = chance(Chance.CORRUPT, config.corrupt());
    boolean corruptSecond = chance(Chance.CORRUPT_DUPLICATE, config.corrupt());
    double where = random(Chance.CORRUPT_BIT).nextDouble();

    if (config.down()) {
      return dropped(Impairment.DOWN);
    }
    if (config.mtu() > 0 && frame.byteSize() - corruptible.linkHeader() > config.mtu()) {
      return dropped(Impairment.MTU);
    }
    if (lost) {
      return dropped(Impairment.LOSS);
    }
    if (burstLost) {
      return dropped(Impairment.BURST_LOSS);
    }
    double waiting = waitingBytes(nowNanos);
    if (waiting > config.queueBytes()) {
      return dropped(Impairment.QUEUE_FULL);
    }
    boolean marked =
        config.markBytes() > 0
            && waiting > config.markBytes()
            && CongestionMark.isCapable(linkType, frame);
    if (marked) {
      happened(Impairment.MARKED);
    }
    long due = leaveLine(nowNanos, frame.byteSize()) + config.delayNanos() + jitter;
    due = held ? due + holding : inOrder(due);
    if (due < latest) {
      happened(Impairment.REORDER);
    }
    latest = Math.max(latest, due);
    Arrival first = arrival(due, marked, frame, corrupt, where);
    if (!twice) {
      return List.of(first);
    }
    happened(Impairment.DUPLICATE);
    return List.of(first, arrival(due + second, marked, frame, corruptSecond, where));
  }

  /** How often an impairment happened. */
  public long count(Impairment impairment) {
    return counts[impairment.ordinal()];
  }

  /** How often each impairment happened. */
  public Map<Impairment, Long> counts() {
    Map<Impairment, Long> copy = new EnumMap<>(Impairment.class);
    for (Impairment impairment : Impairment.values()) {
      copy.put(impairment, count(impairment));
    }
    return copy;
  }

  /** Frames decided about. */
  public long frames() {
    return frames;
  }

  /** Arrivals given, duplicates included. */
  public long arrivals() {
    return arrivals;
  }

  // ---- the parts ----

  private boolean burstLoss() {
    BurstLoss bursts = config.burstLoss();
    double change = random(Chance.BURST_CHANGE).nextDouble();
    bad = bad ? change >= bursts.toGood() : change < bursts.toBad();
    return chance(Chance.BURST_LOSS, bad ? bursts.lossWhenBad() : bursts.lossWhenGood());
  }

  /** What waits in front of the line, or is being sent; 0 if the next frame goes at once. */
  private double waitingBytes(long now) {
    long rate = config.bitsPerSecond();
    return rate == 0 || lineFreeAt <= now
        ? 0
        : (double) (lineFreeAt - now) * rate / 8 / NANOS_PER_SECOND;
  }

  /** When the last bit has left for the line, behind what waits in front of it. */
  private long leaveLine(long now, long bytes) {
    long rate = config.bitsPerSecond();
    if (rate == 0) {
      return now;
    }
    if (lineFreeAt > now) {
      happened(Impairment.QUEUED);
    }
    long sending = (long) ((double) bytes * 8 * NANOS_PER_SECOND / rate);
    lineFreeAt = Math.max(lineFreeAt, now) + sending;
    return lineFreeAt;
  }

  private long inOrder(long due) {
    lastInOrder = Math.max(lastInOrder, due);
    return lastInOrder;
  }

  private Arrival arrival(
      long due, boolean marked, MemorySegment frame, boolean corrupt, double where) {
    arrivals++;
    long bit = corrupt ? corruptible.choose(frame, where) : Arrival.INTACT;
    if (bit != Arrival.INTACT) {
      happened(Impairment.CORRUPT);
    }
    return new Arrival(due, marked, bit);
  }

  private List<Arrival> dropped(Impairment reason) {
    happened(reason);
    return List.of();
  }

  private void happened(Impairment impairment) {
    counts[impairment.ordinal()]++;
  }

  private boolean chance(Chance of, double probability) {
    return random(of).nextDouble() < probability;
  }

  private long upTo(Chance of, long most) {
    double part = random(of).nextDouble();
    return (long) (part * (most + 1.0));
  }

  private SplittableRandom random(Chance of) {
    return chances[of.ordinal()];
  }
}
