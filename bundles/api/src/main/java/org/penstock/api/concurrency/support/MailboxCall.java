package org.penstock.api.concurrency.support;

import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** A section that a thread waits for; the result says whether it ran. */
final class MailboxCall extends MailboxRequest<Boolean> {

  private final PartitionMailbox mailbox;
  private final Section section;
  private final boolean busy;
  private final long askedNanos;

  MailboxCall(
      PartitionMailbox mailbox,
      StackRuntime runtime,
      Parker parker,
      Section section,
      boolean busy) {
    super(runtime, parker, section.cell());
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
