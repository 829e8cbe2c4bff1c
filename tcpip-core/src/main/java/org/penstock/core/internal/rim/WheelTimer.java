package org.penstock.core.internal.rim;

import org.penstock.core.api.CellTimer;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.timer.Timer;

/** A timer of the transport layer's on the wheel of a cell. */
final class WheelTimer extends Timer implements CellTimer {

  private final Cell cell;
  private final Runnable action;

  WheelTimer(Cell cell, Runnable action) {
    this.cell = cell;
    this.action = action;
  }

  @Override
  public void arm(long deadlineNanos) {
    cell.timers().schedule(this, deadlineNanos);
  }

  @Override
  public void cancel() {
    cell.timers().cancel(this);
  }

  @Override
  protected void expire(long now) {
    action.run();
  }
}
