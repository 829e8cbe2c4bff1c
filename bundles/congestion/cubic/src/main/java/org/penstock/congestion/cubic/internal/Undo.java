package org.penstock.congestion.cubic.internal;

import org.penstock.api.congestion.CongestionState;

/** What was before a reduction, for the case that it was needless (RFC 9438 §4.9). */
public final class Undo {

  private static final int WINDOW = Words.SHARED;
  private static final int THRESHOLD = Words.SHARED + 1;
  private static final int PRIOR = Words.SHARED + 2;

  /** Four words, in the order of theirs. */
  private static final int EPOCH = Words.SHARED + 3;

  private static final int EPOCH_WORDS = 4;

  private Undo() {}

  /** Remembers windows and epoch. */
  public static void save(CongestionState state) {
    state.word(WINDOW, state.window());
    state.word(THRESHOLD, state.threshold());
    state.word(PRIOR, state.word(Words.PRIOR));
    for (int i = 0; i < EPOCH_WORDS; i++) {
      state.word(EPOCH + i, state.word(Words.EPOCH + i));
    }
    Words.set(state, Words.MAY_UNDO);
  }

  /** The last reduction stands. */
  public static void forget(CongestionState state) {
    Words.clear(state, Words.MAY_UNDO);
  }

  /** Takes the last reduction back, if it can be. */
  public static void restore(CongestionState state) {
    if (!Words.has(state, Words.MAY_UNDO)) {
      return;
    }
    state.window(Math.max(state.window(), state.word(WINDOW)));
    state.threshold(Math.max(state.threshold(), state.word(THRESHOLD)));
    state.word(Words.PRIOR, state.word(PRIOR));
    for (int i = 0; i < EPOCH_WORDS; i++) {
      state.word(Words.EPOCH + i, state.word(EPOCH + i));
    }
    Words.clear(state, Words.AFTER_TIMEOUT | Words.MAY_UNDO);
    // The first slow start may go on, and then these are HyStart's, which begins anew.
    for (int word = Words.SHARED; word < CongestionState.WORDS; word++) {
      state.word(word, 0);
    }
  }
}
