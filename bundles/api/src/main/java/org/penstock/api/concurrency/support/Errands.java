package org.penstock.api.concurrency.support;

/**
 * What each thread is about in the partitions of one instance: whether it is inside of one, how
 * deep it is in calls of theirs, and for which it has posted sections meanwhile. It looks after
 * those when it is out again, so that a post from partition to partition wakes no other thread.
 */
final class Errands {

  /** How often a thread goes round before it leaves the rest to the deadline thread. */
  private static final int ROUNDS = 4;

  private static final int DEPTH = 0;
  private static final int INSIDE = 1;
  private static final int GOING_ROUND = 2;
  private static final int OWED = 3;

  private final LockExclusion[] partitions;

  /** By the constants above, then a bit for each partition; a JDK type, which pins no bundle. */
  private final ThreadLocal<long[]> ofThread;

  /**
   * No thread is about anything.
   *
   * @param partitions the instance's, filled in later
   */
  Errands(LockExclusion[] partitions) {
    this.partitions = partitions;
    int words = (partitions.length + Long.SIZE - 1) / Long.SIZE;
    this.ofThread = ThreadLocal.withInitial(() -> new long[OWED + words]);
  }

  /** With one partition there is nowhere else to go. */
  private boolean isAlone() {
    return partitions.length == 1;
  }

  /** The calling thread has come in. */
  void enter() {
    if (!isAlone()) {
      ofThread.get()[INSIDE] = 1;
    }
  }

  /** The calling thread goes out. */
  void leave() {
    if (!isAlone()) {
      ofThread.get()[INSIDE] = 0;
    }
  }

  /** The calling thread begins to make calls that a partition left. */
  void beginCalls() {
    ofThread.get()[DEPTH]++;
  }

  /** It is done; false if it has still to return from an outer one. */
  boolean endCalls() {
    return --ofThread.get()[DEPTH] == 0;
  }

  /**
   * The calling thread has posted to a partition that it may not enter now.
   *
   * @return true if it will look after that when it is out; false if it is about nothing of this
   *     instance, and somebody else has to
   */
  boolean owe(int partition) {
    long[] own = ofThread.get();
    if (own[DEPTH] == 0 && own[INSIDE] == 0) {
      return false;
    }
    own[OWED + partition / Long.SIZE] |= 1L << partition;
    return true;
  }

  /**
   * Out again: looks after the partitions that were posted to, but for the one that the caller has
   * just looked after itself.
   */
  void goRound(int lookedAfter) {
    if (isAlone()) {
      return;
    }
    long[] own = ofThread.get();
    if (own[DEPTH] != 0 || own[GOING_ROUND] != 0) {
      return;
    }
    own[OWED + lookedAfter / Long.SIZE] &= ~(1L << lookedAfter);
    own[GOING_ROUND] = 1;
    try {
      for (int round = 0; takeRound(own, round == ROUNDS); round++) {}
    } finally {
      own[GOING_ROUND] = 0;
    }
  }

  /** Goes through what is owed once; false if that was nothing, or was left to another thread. */
  private boolean takeRound(long[] own, boolean leaveIt) {
    boolean any = false;
    for (int word = 0; word < own.length - OWED; word++) {
      long owed = own[OWED + word];
      own[OWED + word] = 0;
      any |= owed != 0;
      for (; owed != 0; owed &= owed - 1) {
        LockExclusion partition = partitions[word * Long.SIZE + Long.numberOfTrailingZeros(owed)];
        if (leaveIt) {
          partition.urge();
        } else {
          partition.help();
        }
      }
    }
    return any && !leaveIt;
  }
}
