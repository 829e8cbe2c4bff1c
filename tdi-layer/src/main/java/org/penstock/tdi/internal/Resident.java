package org.penstock.tdi.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.sync.MpscQueue;
import org.penstock.core.api.Gate;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * An object that lives in a cell: takes what any thread submits, in order, inside its home cell,
 * and delivers what it has to tell, in order and one at a time, outside.
 *
 * <p><b>Moving.</b> Only who is inside the home cell names another home, and touches nothing of the
 * object afterwards. The section that belongs to the former home may still be queued there; when it
 * runs it sees that the home is another one and passes the call on. Messages not yet handled stand
 * in a field, so that they move along, in front of newer ones.
 */
abstract class Resident {

  /** Messages delivered in a row before others of the thread get their turn. */
  private static final int BATCH = 64;

  private final Gate gate;
  private final MpscQueue<Message> inbox = new MpscQueue<>();
  private final MpscQueue<Message> outbox = new MpscQueue<>();
  private final AtomicBoolean sweep = new AtomicBoolean();
  private final AtomicBoolean delivering = new AtomicBoolean();
  private final Delivery delivery = new Delivery();
  private volatile Home home;

  /** Messages taken from the inbox and not yet handled; owned by the home cell. */
  private @Nullable Message unhandled;

  /** What to begin with in a new home; owned by the home cell. */
  private @Nullable Runnable arrival;

  Resident(Gate gate, int cell) {
    this.gate = gate;
    this.home = new Home(cell);
  }

  /** Executes an operation that was submitted and has begun; inside the home cell. */
  abstract void execute(Operation operation);

  /** Ends an operation whose cancel came before its execution; inside the home cell. */
  void cancelled(Operation operation) {
    operation.finish(Status.CANCELLED, 0);
  }

  /** Ends what nobody wants any more; inside the home cell. */
  abstract void endUnwanted();

  final Gate gate() {
    return gate;
  }

  /** The home cell at this moment. */
  final int cell() {
    return home.cell();
  }

  /** Hands in a message; any thread, any level. */
  final void submit(Message message) {
    inbox.offer(message);
    home.schedule();
  }

  /** Has {@link #endUnwanted} run soon; any thread, any level. */
  final void sweep() {
    sweep.set(true);
    home.schedule();
  }

  /**
   * Goes to another cell, where the action is run first; inside the home cell. The caller touches
   * nothing of this object afterwards.
   */
  final void move(int cell, Runnable action) {
    if (cell == cell()) {
      action.run();
      return;
    }
    arrival = action;
    Home next = new Home(cell);
    home = next;
    next.schedule();
  }

  /** Leaves a message to be delivered; inside the home cell. */
  final void deliverLater(Message message) {
    outbox.offer(message);
    if (delivering.compareAndSet(false, true)) {
      gate.indicate(cell(), delivery);
    }
  }

  /**
   * Waits until an operation that was submitted has settled; at passive level, which the caller has
   * checked.
   *
   * @throws TransportException {@link Status#IO_TIMEOUT}, {@link Status#CANCELLED} if the thread
   *     was interrupted; the operation was abandoned
   */
  final void await(Operation operation, Waiter waiter, String what, long deadlineNanos)
      throws TransportException {
    Awaited how = Awaited.DONE;
    if (!operation.isSettled()) {
      try {
        how = gate.await(what, waiter, deadlineNanos);
      } catch (RuntimeException e) {
        // The strategy refuses to wait: the request goes with the call.
        operation.abandon();
        sweep();
        throw e;
      }
    }
    while (!operation.isSettled()) {
      if (how != Awaited.DONE && operation.abandon()) {
        sweep();
        throw new TransportException(
            how == Awaited.INTERRUPTED ? Status.CANCELLED : Status.IO_TIMEOUT, what);
      }
      // It is being executed at this very moment, by a thread inside its cell.
      gate.runtime().spinHint();
    }
  }

  /**
   * Waits for an operation that closes this object, and for its last handler.
   *
   * @return false if the deadline came first, or the thread was interrupted
   */
  final boolean awaitClosed(Operation operation, Waiter waiter, long deadlineNanos) {
    return operation.isSettled()
        || gate.await("close", waiter, deadlineNanos) == Awaited.DONE
        || operation.isSettled();
  }

  private void handleAll(Home here) {
    if (arrival != null) {
      Runnable action = arrival;
      arrival = null;
      action.run();
    }
    while (home == here) {
      if (delivery.yielded) {
        delivery.yielded = false;
        gate.indicate(here.cell(), delivery);
      } else if (sweep.get() && sweep.getAndSet(false)) {
        endUnwanted();
      } else {
        Message message = nextMessage();
        if (message == null) {
          return;
        }
        handle(message);
      }
    }
  }

  private void handle(Message message) {
    boolean handled = false;
    try {
      message.arrive();
      handled = true;
    } finally {
      if (!handled) {
        // The stack counts and logs the exception; what stands behind must not wait for it.
        home.schedule();
      }
    }
  }

  private @Nullable Message nextMessage() {
    Message message = unhandled == null ? inbox.takeAll() : unhandled;
    if (message != null) {
      unhandled = message.unlink();
    }
    return message;
  }

  /** The section of one home: a new object for each, as a section keeps its cell for ever. */
  private final class Home extends Section {
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private boolean running;

    Home(int cell) {
      super(cell);
    }

    void schedule() {
      if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
        gate.post(this);
      }
    }

    @Override
    protected void run() {
      scheduled.set(false);
      if (running) {
        // A handler entered the cell it is in: the outer run goes on with what is there.
        return;
      }
      if (home != this) {
        home.schedule();
        return;
      }
      running = true;
      try {
        handleAll(this);
      } finally {
        running = false;
      }
    }
  }

  /** Takes the outbox to the clients; in at most one chain, run by one thread at a time. */
  private final class Delivery extends Indication {
    private @Nullable Message undelivered;
    private volatile boolean yielded;

    @Override
    protected void indicate() {
      RuntimeException failure = null;
      for (int count = 0; ; count++) {
        Message message = undelivered == null ? outbox.takeAll() : undelivered;
        if (message == null) {
          delivering.set(false);
          if (outbox.isEmpty() || !delivering.compareAndSet(false, true)) {
            break;
          }
          continue;
        }
        if (count >= BATCH) {
          undelivered = message;
          yielded = true;
          home.schedule();
          break;
        }
        undelivered = message.unlink();
        try {
          message.deliver();
        } catch (RuntimeException e) {
          // The others must hear of theirs; the stack counts and logs what leaves this method.
          failure = e;
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
