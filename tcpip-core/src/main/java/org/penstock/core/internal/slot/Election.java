package org.penstock.core.internal.slot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a slot's attached drivers is at work. */
final class Election {

  private Election() {}

  /** A driver that is attached. */
  interface Member {

    /** Higher is better. */
    int ranking();

    /** True if it has a link and has not failed. */
    boolean isUp();

    /**
     * Since when it has its link, by the runtime's clock; from the beginning if it came with it.
     */
    long upSince();
  }

  /**
   * The choice where the link decides: whoever is at work stays as long as it has a link, so that a
   * link that comes and goes moves nothing, until a better one has had its own for a while. Whose
   * ranking is the same never takes over from a driver that works.
   *
   * @param members those that are attached, best ranking first
   * @param active who is at work, or null
   * @param failback how long a better one must have had its link
   * @return who is at work from now on; null if there is no member
   */
  static <M extends Member> @Nullable M byLink(
      List<M> members, @Nullable M active, long failback, long now) {
    M incumbent = active != null && members.contains(active) ? active : null;
    for (M member : members) {
      if (member.isUp()
          && (incumbent == null
              || !incumbent.isUp()
              || member == incumbent
              || member.ranking() > incumbent.ranking() && now - member.upSince() >= failback)) {
        return member;
      }
    }
    return incumbent != null || members.isEmpty() ? incumbent : members.getFirst();
  }
}
