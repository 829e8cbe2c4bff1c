package org.penstock.api.runtime;

/** A thread of which nothing can be told, and which nobody can wait for. */
final class UnknownThread implements RuntimeThread {

  static final RuntimeThread INSTANCE = new UnknownThread();

  private UnknownThread() {}

  @Override
  public boolean join(long deadlineNanos) {
    return false;
  }

  @Override
  public void interrupt() {}

  @Override
  public boolean isAlive() {
    return true;
  }

  @Override
  public String stackTrace() {
    return "";
  }
}
