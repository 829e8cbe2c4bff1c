package org.penstock.core.internal.ip;

import java.util.List;
import org.penstock.api.view.NeighbourView;

/** Skeleton. */
public final class Neighbours {

  Neighbours() {}

  /** Tells the link about our addresses, after a change of driver; from any thread. */
  public void announce(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Forgets the neighbours of an interface that was removed; from any thread. */
  public void slotRemoved(int slot) {
    throw new UnsupportedOperationException();
  }

  /** The neighbour cache; from any thread. */
  public List<NeighbourView> views() {
    throw new UnsupportedOperationException();
  }
}
