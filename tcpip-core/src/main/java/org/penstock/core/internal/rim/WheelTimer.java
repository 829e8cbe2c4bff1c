package org.penstock.core.internal.rim;

import org.penstock.core.api.CellTimer;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.timer.Timer;

/** A timer of the transport layer's on the wheel of a cell. */
final class WheelTimer extends Timer implements CellTimer {

  private final Cell cell;
  private final Runnable action;
  private boolean armed;

  WheelTimer(Cell cell, Runnable action) {
    this.cell = cell;
    this.action = action;
  }

  @Override
  public void arm(long deadlineNanos) {
    armed = true;
    cell.timers().schedule(this, deadlineNanos);
  }

  @Override
  public void cancel() {
    armed = false;
    cell.timers().cancel(this);
  }

  @Override
  public boolean isArmed() {
    return armed;
  }

  @Override
  protected void expire(long now) {
    armed = false;
    action.run();
  }
}
