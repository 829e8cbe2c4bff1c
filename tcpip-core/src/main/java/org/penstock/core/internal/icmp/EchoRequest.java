package org.penstock.core.internal.icmp;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Icmp;
import org.penstock.core.internal.ip.TransmitWaiter;

/**
 * An echo request of ours, from the call until its outcome was told. Made by any thread, owned by
 * its cell from the moment it is posted.
 */
final class EchoRequest extends Section {

  private final EchoRequests requests;
  private final Waiter waiter = new Waiter();
  private final Completion completion = new Completion();

  final IpAddress local;
  final IpAddress remote;
  final int payload;
  final long timeoutNanos;
  final int sequence;
  final long seed;
  final CompletableFuture<Icmp.Echo> result = new CompletableFuture<>();

  long sentAt;
  @Nullable CellTimer timer;
  private Icmp.@Nullable Echo outcome;

  EchoRequest(
      EchoRequests requests,
      int cell,
      IpAddress local,
      IpAddress remote,
      int payload,
      long timeoutNanos,
      int sequence,
      long seed) {
    super(cell);
    this.requests = requests;
    this.local = local;
    this.remote = remote;
    this.payload = payload;
    this.timeoutNanos = timeoutNanos;
    this.sequence = sequence;
    this.seed = seed;
  }

  @Override
  protected void run() {
    requests.begin(this);
  }

  TransmitWaiter waiter() {
    return waiter;
  }

  boolean isFinished() {
    return outcome != null;
  }

  /** Sets the outcome; only the first counts. */
  Indication finish(Icmp.Echo echo) {
    outcome = echo;
    return completion;
  }

  private final class Waiter extends TransmitWaiter {
    @Override
    protected void transmitReady() {
      if (!isFinished()) {
        requests.send(EchoRequest.this);
      }
    }

    @Override
    protected void transmitFailed() {
      if (!isFinished()) {
        requests.unreachable(EchoRequest.this, remote);
      }
    }
  }

  /** Tells the outcome outside of the cell. */
  private final class Completion extends Indication {
    @Override
    protected void indicate() {
      result.complete(outcome);
    }
  }
}
