package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Partition.Attempted;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/**
 * A thread that sleeps until its attempt succeeds. The partition's thread tries, at first and after
 * every signal, so that the sleeper is woken once, when its wait is over.
 */
final class MailboxWait extends MailboxRequest<Awaited> {

  private final PartitionMailbox mailbox;
  private final StackRuntime runtime;
  private final Attempt attempt;
  private final boolean busy;
  private final long askedNanos;
  private boolean tried;

  /** In the list of those to be tried again; the partition's thread's. */
  boolean signalled;

  /** The list of those asleep; the partition's thread's. */
  @Nullable MailboxWait next;

  @Nullable MailboxWait previous;
  boolean listed;

  MailboxWait(PartitionMailbox mailbox, StackRuntime runtime, Attempt attempt, boolean busy) {
    super(runtime, runtime.parker(), attempt.cell());
    this.mailbox = mailbox;
    this.runtime = runtime;
    this.attempt = attempt;
    this.busy = busy;
    this.askedNanos = runtime.nanoTime();
  }

  boolean isOf(PartitionMailbox other) {
    return mailbox == other;
  }

  @Override
  void serve() {
    if (!tried) {
      tried = true;
      mailbox.entered(busy, askedNanos);
    }
    attempt(null);
  }

  /**
   * Tries, inside.
   *
   * @param end how the wait ends if this fails too, null if it goes on
   */
  private void attempt(@Nullable Awaited end) {
    if (isEnded()) {
      return;
    }
    mailbox.unlist(this);
    attempt.sleeper(this);
    Attempted attempted = mailbox.partition().attempt(attempt);
    if (attempted == Attempted.MOVED) {
      // The attempt belongs to the strategy that followed.
      complete(Awaited.MOVED);
    } else if (attempted == Attempted.DONE) {
      complete(Awaited.DONE);
    } else if (end != null) {
      mailbox.partition().abandon(attempt);
      complete(end);
    } else {
      mailbox.list(this);
    }
  }

  @Override
  void refuse() {
    if (!isEnded()) {
      mailbox.unlist(this);
      complete(Awaited.MOVED);
    }
  }

  /** Sleeps until the wait is over. */
  Awaited await(long deadlineNanos) {
    spin();
    while (!isEnded()) {
      boolean interrupted = !sleep(deadlineNanos);
      if (isEnded()) {
        break;
      }
      if (interrupted) {
        return giveUp(Awaited.INTERRUPTED);
      }
      if (deadlineNanos != StackRuntime.NEVER && runtime.nanoTime() >= deadlineNanos) {
        return giveUp(Awaited.TIMED_OUT);
      }
    }
    return result();
  }

  private Awaited giveUp(Awaited end) {
    mailbox.offer(new GiveUp(end));
    sleep();
    return result();
  }

  /** Has the partition's thread try a last time and take the registration back. */
  final class GiveUp extends Section {
    private final Awaited end;

    GiveUp(Awaited end) {
      super(attempt.cell());
      this.end = end;
    }

    void serve() {
      try {
        attempt(end);
      } catch (Throwable e) {
        fail(e);
      }
    }

    void refuse() {
      MailboxWait.this.refuse();
    }

    @Override
    protected void run() {
      throw new AssertionError("a request is served, not run");
    }
  }
}
