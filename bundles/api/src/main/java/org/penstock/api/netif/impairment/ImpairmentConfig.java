package org.penstock.api.netif.impairment;

import java.time.Duration;

/**
 * How bad a network is, one way. Immutable; made by {@link #builder}.
 *
 * @param loss probability of losing a frame, each by itself
 * @param burstLoss loss that comes in bursts
 * @param delayNanos how long every frame takes
 * @param jitterNanos up to how much longer, evenly; frames stay in order
 * @param reorder probability that a frame is held back and later ones may pass it
 * @param reorderNanos up to how long it is held back, evenly
 * @param duplicate probability that a frame arrives twice
 * @param duplicateNanos up to how much later the second arrives, evenly
 * @param corrupt probability that one bit of a frame's IP packet is flipped
 * @param bitsPerSecond how fast the line is, 0 for no limit
 * @param queueBytes frames that wait in front of the line, in bytes; more are dropped
 * @param markBytes frames that wait in front of the line, in bytes, beyond which those that can be
 *     are marked "congestion experienced"; 0 for none
 * @param down true if nothing passes
 * @param mtu longest IP packet in bytes that passes, 0 for no limit
 */
public record ImpairmentConfig(
    double loss,
    BurstLoss burstLoss,
    long delayNanos,
    long jitterNanos,
    double reorder,
    long reorderNanos,
    double duplicate,
    long duplicateNanos,
    double corrupt,
    long bitsPerSecond,
    long queueBytes,
    long markBytes,
    boolean down,
    int mtu) {

  /** A perfect network without delay. */
  public static final ImpairmentConfig NONE = builder().build();

  /** Refuses what can't be; the message names the value and what is allowed. */
  public ImpairmentConfig {
    checkProbability("loss", loss);
    checkProbability("reorder", reorder);
    checkProbability("duplicate", duplicate);
    checkProbability("corrupt", corrupt);
    checkNotNegative("delayNanos", delayNanos);
    checkNotNegative("jitterNanos", jitterNanos);
    checkNotNegative("reorderNanos", reorderNanos);
    checkNotNegative("duplicateNanos", duplicateNanos);
    checkNotNegative("bitsPerSecond", bitsPerSecond);
    checkNotNegative("queueBytes", queueBytes);
    checkNotNegative("markBytes", markBytes);
    checkNotNegative("mtu", mtu);
  }

  /** Starts from a perfect network. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from this one. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.loss = loss;
    builder.burstLoss = burstLoss;
    builder.delayNanos = delayNanos;
    builder.jitterNanos = jitterNanos;
    builder.reorder = reorder;
    builder.reorderNanos = reorderNanos;
    builder.duplicate = duplicate;
    builder.duplicateNanos = duplicateNanos;
    builder.corrupt = corrupt;
    builder.bitsPerSecond = bitsPerSecond;
    builder.queueBytes = queueBytes;
    builder.markBytes = markBytes;
    builder.down = down;
    builder.mtu = mtu;
    return builder;
  }

  /** Probability that a frame does not arrive, or not intact; what queues drop not counted. */
  public double failure() {
    if (down) {
      return 1;
    }
    double inBursts =
        burstLoss.toBad() == 0 ? 0 : burstLoss.toBad() / (burstLoss.toBad() + burstLoss.toGood());
    double bursts = inBursts * burstLoss.lossWhenBad() + (1 - inBursts) * burstLoss.lossWhenGood();
    return 1 - (1 - loss) * (1 - bursts) * (1 - corrupt);
  }

  static void checkProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " " + value + " is not between 0 and 1");
    }
  }

  private static void checkNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " " + value + " is negative");
    }
  }

  /** Collects what is bad about a network. */
  public static final class Builder {
    private double loss;
    private BurstLoss burstLoss = BurstLoss.NONE;
    private long delayNanos;
    private long jitterNanos;
    private double reorder;
    private long reorderNanos;
    private double duplicate;
    private long duplicateNanos;
    private double corrupt;
    private long bitsPerSecond;
    private long queueBytes;
    private long markBytes;
    private boolean down;
    private int mtu;

    private Builder() {}

    /** Frames are lost, each by itself. */
    public Builder loss(double probability) {
      this.loss = probability;
      return this;
    }

    /** Frames are lost in bursts. */
    public Builder burstLoss(BurstLoss bursts) {
      this.burstLoss = bursts;
      return this;
    }

    /** Every frame takes this long. */
    public Builder delay(Duration time) {
      this.delayNanos = time.toNanos();
      return this;
    }

    /** Frames take up to this much longer, and stay in order. */
    public Builder jitter(Duration most) {
      this.jitterNanos = most.toNanos();
      return this;
    }

    /** Some frames are held back for up to this long, and later ones may pass them. */
    public Builder reorder(double probability, Duration most) {
      this.reorder = probability;
      this.reorderNanos = most.toNanos();
      return this;
    }

    /** Some frames arrive a second time, up to this much later. */
    public Builder duplicate(double probability, Duration most) {
      this.duplicate = probability;
      this.duplicateNanos = most.toNanos();
      return this;
    }

    /** Some IP packets have one bit flipped. */
    public Builder corrupt(double probability) {
      this.corrupt = probability;
      return this;
    }

    /**
     * The line is this fast, and so many bytes may wait in front of it; one frame always may.
     *
     * @param bits a second
     * @param bytes of the queue
     */
    public Builder rate(long bits, long bytes) {
      this.bitsPerSecond = bits;
      this.queueBytes = bytes;
      return this;
    }

    /**
     * Packets that understand ECN are marked while more bytes than these wait in front of the line
     * (RFC 3168); 0 for none.
     */
    public Builder mark(long bytes) {
      this.markBytes = bytes;
      return this;
    }

    /** Nothing passes, or something does. */
    public Builder down(boolean nothing) {
      this.down = nothing;
      return this;
    }

    /** Longer IP packets are dropped without an ICMP error. */
    public Builder mtu(int bytes) {
      this.mtu = bytes;
      return this;
    }

    /** The configuration. */
    public ImpairmentConfig build() {
      return new ImpairmentConfig(
          loss,
          burstLoss,
          delayNanos,
          jitterNanos,
          reorder,
          reorderNanos,
          duplicate,
          duplicateNanos,
          corrupt,
          bitsPerSecond,
          queueBytes,
          markBytes,
          down,
          mtu);
    }
  }
}
