package org.penstock.concurrency.mailbox.internal;

import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/** A section that a thread waits for; the result says whether it ran. */
final class Call extends Request<Boolean> {

  private final Mailbox mailbox;
  private final Section section;
  private final boolean busy;
  private final long askedNanos;

  Call(Mailbox mailbox, StackRuntime runtime, Section section, boolean busy) {
    super(runtime, section.cell());
    this.mailbox = mailbox;
    this.section = section;
    this.busy = busy;
    this.askedNanos = runtime.nanoTime();
  }

  @Override
  void serve() {
    mailbox.entered(busy, askedNanos);
    complete(mailbox.partition().run(section));
  }

  @Override
  void refuse() {
    complete(false);
  }
}
