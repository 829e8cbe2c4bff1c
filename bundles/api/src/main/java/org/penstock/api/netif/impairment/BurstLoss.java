package org.penstock.api.netif.impairment;

/**
 * The Gilbert-Elliott model: a channel that is good or bad, changes between the two with each
 * frame, and loses frames with another probability in each.
 *
 * @param toBad probability of turning bad, for each frame in the good state
 * @param toGood probability of turning good, for each frame in the bad state; its inverse is the
 *     mean length of a burst in frames
 * @param lossWhenGood probability of losing a frame in the good state
 * @param lossWhenBad probability of losing a frame in the bad state
 */
public record BurstLoss(double toBad, double toGood, double lossWhenGood, double lossWhenBad) {

  /** No bursts. */
  public static final BurstLoss NONE = new BurstLoss(0, 1, 0, 0);

  /** Refuses what is no probability. */
  public BurstLoss {
    ImpairmentConfig.checkProbability("toBad", toBad);
    ImpairmentConfig.checkProbability("toGood", toGood);
    ImpairmentConfig.checkProbability("lossWhenGood", lossWhenGood);
    ImpairmentConfig.checkProbability("lossWhenBad", lossWhenBad);
  }

  /**
   * Bursts in which everything is lost, and no loss between them.
   *
   * @param share of all frames that lie in bursts, from 0 to below 1
   * @param meanFrames mean length of a burst in frames, 1 or more
   */
  public static BurstLoss bursts(double share, double meanFrames) {
    if (!(share >= 0 && share < 1) || !(meanFrames >= 1)) {
      throw new IllegalArgumentException(
          "a share of "
              + share
              + " in bursts of "
              + meanFrames
              + ": need a share from 0 to below 1 and at least one frame");
    }
    double toGood = 1 / meanFrames;
    return new BurstLoss(Math.min(1, toGood * share / (1 - share)), toGood, 0, 1);
  }
}
