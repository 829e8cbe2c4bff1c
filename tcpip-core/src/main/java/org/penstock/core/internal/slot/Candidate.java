package org.penstock.core.internal.slot;

import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.Netif;
import org.penstock.api.view.DriverView;

/** A driver on offer for a slot. Guarded by the mutex of {@link Drivers}. */
final class Candidate {

  private static final long FIRST_PAUSE = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 60 * FIRST_PAUSE;

  private final Netif netif;
  private int ranking;
  private String name;
  private @Nullable Binding binding;
  private @Nullable String failure;
  private boolean hung;
  private long pause = FIRST_PAUSE;
  private long retryAt;

  Candidate(Netif netif, int ranking) {
    this.netif = netif;
    this.ranking = ranking;
    // Its own name is only asked for where that may hang.
    this.name = netif.getClass().getSimpleName();
  }

  Netif netif() {
    return netif;
  }

  int ranking() {
    return ranking;
  }

  String name() {
    return name;
  }

  /** The bond, as long as it can be used. */
  @Nullable Binding binding() {
    return binding;
  }

  /** Why it can't be used, or null. */
  @Nullable String failure() {
    return failure;
  }

  /** Offered once more: what was wrong may be right now. */
  void offeredAgain(int newRanking) {
    ranking = newRanking;
    if (binding != null) {
      binding.ranking(newRanking);
    }
    if (!hung) {
      failure = null;
      pause = FIRST_PAUSE;
    }
  }

  void bound(Binding bond) {
    binding = bond;
    bond.ranking(ranking);
    name = bond.name();
    failure = null;
  }

  void unbound() {
    binding = null;
  }

  /** It hangs, or gave back nothing: this instance is never bound again. */
  void hung(String reason) {
    hung = true;
    binding = null;
    failure = failure == null ? reason : failure + "; " + reason;
  }

  /**
   * It can't be used now. Where nothing else works it gets another chance, at longer and longer
   * intervals.
   *
   * @return true if this is something new
   */
  boolean failed(String reason, long now) {
    boolean isNew = !reason.equals(failure);
    binding = null;
    failure = reason;
    retryAt = now + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return isNew;
  }

  /** True if nothing is known against it. */
  boolean isSound() {
    return failure == null;
  }

  /** When it may be tried again for want of any other, {@code Long.MAX_VALUE} if never. */
  long retryAt() {
    return failure == null || hung ? Long.MAX_VALUE : retryAt;
  }

  /** What there is to see of it; may be asked by any thread afterwards. */
  Shown shown() {
    return new Shown(name, ranking, binding, failure == null ? "" : firstLine(failure));
  }

  private static String firstLine(String reason) {
    int end = reason.indexOf('\n');
    return end < 0 ? reason : reason.substring(0, end);
  }

  /**
   * A candidate as it was after the last change of drivers.
   *
   * @param name its name
   * @param ranking its ranking
   * @param bond its bond, or null
   * @param failure why it can't be used, or empty
   */
  record Shown(String name, int ranking, @Nullable Binding bond, String failure) {

    /** As it is now. */
    DriverView view(@Nullable Binding active) {
      String reason = bond != null && bond.failure() != null ? firstLine(bond.failure()) : failure;
      return new DriverView(
          name, ranking, role(active, reason), bond != null && bond.isUp(), reason);
    }

    private DriverView.Role role(@Nullable Binding active, String reason) {
      if (!reason.isEmpty()) {
        return DriverView.Role.FAILED;
      }
      if (bond == null) {
        return DriverView.Role.OFFERED;
      }
      return bond == active ? DriverView.Role.ACTIVE : DriverView.Role.STANDBY;
    }
  }
}
