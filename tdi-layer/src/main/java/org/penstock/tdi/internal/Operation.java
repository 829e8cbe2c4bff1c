package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpSettings;
import org.penstock.tdi.Completion;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;

/**
 * A request on its way: issued by any thread, executed inside its object's home cell, completed at
 * dispatch level or, where a thread waits for it, inside the cell.
 *
 * <p>One atomic word holds its phase, whether its end was asked for, and a generation, which tells
 * a cancel that comes late from one that is meant for the present use. Who moves the word from
 * PENDING owns the operation: the cell, to execute it, or the waiting thread whose time is over.
 *
 * <pre>
 *          issue          begin             finish           deliver
 *   IDLE ────────▶ PENDING ◀────▶ EXECUTING ───────▶ FINISHED ───────▶ IDLE
 *                     │      pause
 *                     └──────▶ ABANDONED    the waiting thread gave up; the cell drops it
 * </pre>
 */
public final class Operation extends Message implements Request {

  private static final int PHASE = 7;
  private static final int IDLE = 0;
  private static final int PENDING = 1;
  private static final int EXECUTING = 2;
  private static final int FINISHED = 3;
  private static final int ABANDONED = 4;
  private static final int CANCEL = 8;
  private static final int GENERATION = 16;

  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(Operation.class, "word", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Completion completion;
  private volatile int word;
  private volatile @Nullable Resident owner;
  private @Nullable Waiter waiter;

  // What is asked for; written by the issuing thread, read inside the cell.
  RequestKind kind = RequestKind.CLOSE;
  @Nullable MemorySegment memory;
  long offset;
  long length;
  int flags;
  @Nullable Chunk chunk;
  @Nullable TransportAddress address;
  @Nullable AddressHandle file;
  @Nullable Flow flow;
  @Nullable TcpSettings settings;
  IpSettings ip = IpSettings.DEFAULT;
  ListenOptions listen = ListenOptions.ANY;
  long timeoutNanos;

  // How far it is; owned by the cell.
  long progress;
  @Nullable Operation following;

  // The result; published by the word.
  private Status status = Status.PENDING;
  private long count;
  private @Nullable TransportAddress remote;

  /** An operation that tells a completion; null for one that a thread waits for. */
  public Operation(@Nullable Completion completion) {
    this.completion = completion;
  }

  /** Takes the request for a new use, before its parameters are set. */
  void issue(RequestKind what) {
    int seen = word;
    if ((seen & PHASE) != IDLE
        || !WORD.compareAndSet(this, seen, (seen & -GENERATION) + GENERATION + PENDING)) {
      throw new IllegalStateException(
          "the request is pending already (" + kind.title() + "): wait for its completion");
    }
    kind = what;
    status = Status.PENDING;
    count = 0;
    remote = null;
    progress = 0;
    chunk = null;
    file = null;
    flow = null;
    memory = null;
    address = null;
  }

  /** Gives the operation to the object it is for. */
  void submit(Resident object) {
    owner = object;
    object.submit(this);
  }

  /** Says which object the operation is for, null for none: it is executed where it was given. */
  void assign(@Nullable Resident object) {
    owner = object;
  }

  /** The object it was given to. */
  @Nullable Resident owner() {
    return owner;
  }

  /** Makes a thread wait for it instead of calling a completion; before it is submitted. */
  Waiter waitedFor(Resident object) {
    Waiter made = new Waiter(object.gate(), object.cell(), this::isSettled);
    waiter = made;
    return made;
  }

  @Override
  void arrive() {
    Resident object = owner;
    if (object == null || !begin()) {
      release();
      return;
    }
    if (isCancelRequested() && kind != RequestKind.CLOSE) {
      object.cancelled(this);
    } else {
      object.execute(this);
    }
  }

  /** Takes the operation for execution, inside the cell; false if it was abandoned. */
  boolean begin() {
    return move(PENDING, EXECUTING);
  }

  /** Lets the operation wait again, inside the cell. */
  void pause() {
    move(EXECUTING, PENDING);
  }

  /** Ends the operation, which is executing, inside the cell. */
  void finish(Status how, long bytes) {
    status = how;
    count = bytes;
    release();
    Resident object = owner;
    if (waiter == null || kind == RequestKind.CLOSE) {
      move(EXECUTING, FINISHED);
      if (object != null) {
        object.deliverLater(this);
      }
    } else {
      move(EXECUTING, IDLE);
      waiter.wake();
    }
  }

  /** The same, with the other side's address. */
  void finish(Status how, long bytes, @Nullable TransportAddress other) {
    remote = other;
    finish(how, bytes);
  }

  /** Ends an operation that was never submitted, on the issuing thread. */
  void refuse(Status how) {
    status = how;
    count = 0;
    move(PENDING, EXECUTING);
    release();
    move(EXECUTING, FINISHED);
    ExecutionLevel before = ExecutionLevel.change(ExecutionLevel.DISPATCH);
    try {
      deliver();
    } finally {
      ExecutionLevel.change(before);
    }
  }

  @Override
  void deliver() {
    Status how = status;
    long bytes = count;
    move(FINISHED, IDLE);
    if (waiter != null) {
      waiter.wake();
    } else if (completion != null) {
      completion.completed(this, how, bytes);
    }
  }

  /** Gives up waiting; true if the operation will not be executed any more. */
  boolean abandon() {
    return move(PENDING, ABANDONED);
  }

  /** True if it has ended and the result may be read. */
  boolean isSettled() {
    return (word & PHASE) == IDLE;
  }

  /** True if its end was asked for, or nobody waits for it any more. */
  boolean isUnwanted() {
    int seen = word;
    return (seen & CANCEL) != 0 || (seen & PHASE) == ABANDONED;
  }

  private boolean isCancelRequested() {
    return (word & CANCEL) != 0;
  }

  @Override
  public boolean isPending() {
    return (word & PHASE) != IDLE;
  }

  @Override
  public Status status() {
    return isSettled() ? status : Status.PENDING;
  }

  @Override
  public long count() {
    return isSettled() ? count : 0;
  }

  @Override
  public @Nullable TransportAddress remote() {
    return isSettled() ? remote : null;
  }

  @Override
  public void cancel() {
    int seen = word;
    while ((seen & PHASE) == PENDING || (seen & PHASE) == EXECUTING) {
      if (WORD.compareAndSet(this, seen, seen | CANCEL)) {
        Resident object = owner;
        if (object != null) {
          object.sweep();
        }
        return;
      }
      seen = word;
    }
  }

  /** Lets go of what an abandoned operation still holds; inside the cell. */
  void dropped() {
    release();
  }

  /** Lets go of memory: a chunk that was not handed over goes back to its pool. */
  private void release() {
    Chunk held = chunk;
    chunk = null;
    memory = null;
    if (held != null) {
      held.release();
    }
  }

  private boolean move(int from, int to) {
    int seen = word;
    while ((seen & PHASE) == from) {
      // What ends an operation also forgets that it was to be cancelled.
      int kept = to == IDLE ? seen & -GENERATION : seen & ~PHASE;
      if (WORD.compareAndSet(this, seen, kept | to)) {
        return true;
      }
      seen = word;
    }
    return false;
  }

  @Override
  public String toString() {
    return "Request[" + kind.title() + " " + status() + "]";
  }
}
