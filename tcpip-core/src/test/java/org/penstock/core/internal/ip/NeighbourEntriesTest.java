package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who goes first when the neighbour cache is full. */
class NeighbourEntriesTest {

  private final FakeGate gate = new FakeGate(1);
  private final NeighbourEntries entries = new NeighbourEntries();
  private final List<NeighbourEntry> removed = new ArrayList<>();
  private final Neighbours cache =
      new Neighbours(
          gate, gate.cellArray()[0], number -> null, new NetworkTables(), gate.runtime().random());

  private long last = 1000;

  private NeighbourEntry entry(int state, long since) {
    NeighbourEntry entry = new NeighbourEntry(cache, gate, 0, 0, ++last);
    entry.become(state, 0, since);
    entries.add(entry);
    return entry;
  }

  private void fill(int others) {
    while (entries.all().size() < Neighbours.MOST_ENTRIES - others) {
      entry(NeighbourEntry.REACHABLE, 0);
    }
  }

  private boolean makeRoom() {
    return entries.makeRoom(entry -> {
      removed.add(entry);
      entries.remove(entry);
    });
  }

  @Test
  void removesNobodyWhileThereIsRoom() {
    fill(1);

    assertThat(makeRoom()).isTrue();
    assertThat(removed).isEmpty();
  }

  @Test
  void removesFailedThenUninvitedThenStaleThenUnansweredOnesAndNobodyElse() {
    fill(6);
    NeighbourEntry stale = entry(NeighbourEntry.STALE, 30);
    NeighbourEntry staler = entry(NeighbourEntry.STALE, 20);
    NeighbourEntry uninvited = entry(NeighbourEntry.STALE, 40);
    NeighbourEntry invited = entry(NeighbourEntry.REACHABLE, 1);
    NeighbourEntry failed = entry(NeighbourEntry.FAILED, 60);
    NeighbourEntry failedBefore = entry(NeighbourEntry.FAILED, 50);
    entries.uninvited(invited);
    entries.uninvited(uninvited);
    entries.invite(invited);

    for (int i = 0; i < 5; i++) {
      assertThat(makeRoom()).isTrue();
      entry(NeighbourEntry.PROBE, 100 + i);
    }
    assertThat(removed).containsExactly(failedBefore, failed, uninvited, staler, stale);
    assertThat(makeRoom()).isFalse();

    entries.remove(invited);
    NeighbourEntry unanswered = entry(NeighbourEntry.INCOMPLETE, 200);
    assertThat(makeRoom()).isTrue();
    assertThat(removed).last().isSameAs(unanswered);
  }
}
