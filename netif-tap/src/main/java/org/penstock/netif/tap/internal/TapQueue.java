package org.penstock.netif.tap.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.netif.tap.TapException;

/**
 * The device's queue on its way up: reads frames straight into landings and delivers them in
 * batches; waits for the device, for a wake and for changes of the kernel's side, all in one {@code
 * ppoll}.
 *
 * <p>One thread at a time works and idles; it alone touches the fields that are not volatile.
 * {@link #wake}, {@link #awaitRoom} and {@link #suspect} come from any thread.
 */
final class TapQueue implements QueueAgent {
  private static final int BATCH = 64;

  // Of super-frames a batch of 64 would be 4 MiB: one ACK for all of that would come too late.
  private static final int BATCH_COALESCED = 32;

  // A sleep in a system call does not notice that its thread is interrupted: look now and then.
  private static final long INTERRUPT_LATENCY_NANOS = 100_000_000;

  // Indexes in the poll set.
  private static final int DEVICE = 0;
  private static final int CHANGES = 1;
  private static final int BELL = 2;

  private static final int RUNNING = 0;
  private static final int SLEEPING = 1;
  private static final int WOKEN = 2;

  private static final int NUMBER = 0;
  private static final long NOTHING = -1;

  private final TapAttachment attachment;
  private final TapDevice device;
  private final NetifHost host;
  private final StackRuntime runtime;
  private final boolean offload;
  private final long spinNanos;
  private final int batch;

  private final Fence fence = new Fence();
  private final Doorbell bell;
  private final PollSet set;
  private final AtomicInteger state = new AtomicInteger(RUNNING);

  private volatile boolean roomWanted;
  private volatile boolean suspected;

  private @Nullable ReceivePort port;
  private long readAhead = NOTHING;
  private boolean worked;
  private boolean announced;
  private boolean lost;

  TapQueue(
      TapAttachment attachment, TapDevice device, NetifHost host, boolean offload, long spinNanos)
      throws TapException {
    this.attachment = attachment;
    this.device = device;
    this.host = host;
    this.runtime = host.runtime();
    this.offload = offload;
    this.spinNanos = runtime.processors() > 1 ? spinNanos : 0;
    this.batch = device.offload() == 0 ? BATCH : BATCH_COALESCED;
    this.bell = Doorbell.open();
    this.set = new PollSet(device.fd(), device.changesFd(), bell.fd());
  }

  @Override
  public int work(int budget) {
    if (!fence.enter()) {
      return 0;
    }
    try {
      return receive(budget);
    } finally {
      fence.leave();
    }
  }

  private int receive(int budget) {
    if (lost) {
      return 0;
    }
    ReceivePort up = port();
    Landing[] landings = up.landings();
    int attempts = Math.min(budget, landings.length);
    int count = 0;
    for (int i = 0; i < attempts; i++) {
      long read = next(landings[count]);
      if (read < 0) {
        break;
      }
      if (FrameOffload.describe(
          landings[count],
          (int) read,
          device.headerBytes(),
          device.linkHeader(),
          offload,
          NUMBER)) {
        count++;
      } else {
        attachment.dropped();
      }
    }
    announced = false;
    if (count > 0) {
      worked = true;
      up.deliver(count);
    }
    return count;
  }

  private long next(Landing landing) {
    long read = readAhead;
    if (read != NOTHING) {
      // It lies in the first landing, which is the one that is asked for first.
      readAhead = NOTHING;
      return read;
    }
    read = device.read(landing.segment(), landing.capacity());
    if (read < 0 && announced) {
      // The poll said that there was something. Whatever it is, it must not keep us from sleeping.
      read = device.readOrErrno(landing.segment(), landing.capacity());
      if (read < 0 && read != -Errno.EAGAIN) {
        lose(read == -Errno.EBADFD ? "has been deleted" : "fails: " + Errno.text(read));
      }
    }
    announced = false;
    return read;
  }

  private ReceivePort port() {
    ReceivePort opened = port;
    if (opened == null) {
      // Not when attaching, from where the host must not be called.
      opened = host.openReceive(NUMBER, batch);
      port = opened;
    }
    return opened;
  }

  @Override
  public void idle(long deadlineNanos) {
    if (!fence.enter()) {
      return;
    }
    try {
      if (!spin(deadlineNanos)) {
        sleep(deadlineNanos);
      }
      state.getAndSet(RUNNING); // reads too, so that what a waker did before is seen
      if (suspected) {
        suspected = false;
        look();
      }
    } finally {
      fence.leave();
    }
  }

  /** Looks for a frame without sleeping, briefly after work. True if idling is over. */
  private boolean spin(long deadlineNanos) {
    if (spinNanos == 0 || !worked || lost) {
      return false;
    }
    worked = false;
    Landing landing = port().landings()[0];
    long end = Math.min(deadlineNanos, runtime.nanoTime() + spinNanos);
    while (state.get() != WOKEN) {
      long read = device.read(landing.segment(), landing.capacity());
      if (read >= 0) {
        readAhead = read;
        return true;
      }
      if (runtime.nanoTime() >= end) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  private void sleep(long deadlineNanos) {
    if (!state.compareAndSet(RUNNING, SLEEPING)) {
      return; // woken since it last slept
    }
    long nanos = INTERRUPT_LATENCY_NANOS;
    if (Thread.currentThread().isInterrupted()) {
      nanos = 0;
    } else if (deadlineNanos != StackRuntime.NEVER) {
      nanos = Math.min(nanos, deadlineNanos - runtime.nanoTime());
    }
    boolean room = roomWanted;
    set.interest(DEVICE, room ? (short) (Libc.POLLIN | Libc.POLLOUT) : Libc.POLLIN);
    int result = set.await(nanos);
    if (result > 0) {
      answer(room);
    } else if (result < 0) {
      lose("cannot be waited for: " + Errno.text(result));
    }
  }

  private void answer(boolean room) {
    if (set.events(BELL) != 0) {
      bell.drain();
    }
    int events = set.events(DEVICE);
    announced = (events & Libc.POLLIN) != 0;
    if (set.events(CHANGES) != 0) {
      device.drainChanges();
      suspected = true;
    }
    if ((events & ~(Libc.POLLIN | Libc.POLLOUT)) != 0) {
      suspected = true;
    }
    if (room && (events & Libc.POLLOUT) != 0) {
      // First, because a transmit port that finds no room meanwhile asks again.
      roomWanted = false;
      host.transmitReady();
    }
  }

  /** Asks the kernel what has become of its side. */
  private void look() {
    if (lost) {
      return;
    }
    TapDevice.Link link = device.link();
    if (link == TapDevice.Link.GONE) {
      lose("has been deleted");
    } else {
      attachment.found(link, device.mtu());
    }
  }

  private void lose(String why) {
    if (!lost) {
      lost = true;
      set.ignore(DEVICE);
      set.ignore(CHANGES);
      attachment.lost(new TapException(device.what() + " " + why));
    }
  }

  @Override
  public void wake() {
    if (state.getAndSet(WOKEN) == SLEEPING) {
      bell.ring();
    }
  }

  /** A frame was not taken: tell the host as soon as the device takes frames again. */
  void awaitRoom() {
    roomWanted = true;
    wake();
  }

  /** The kernel answered as if its side had changed: look. */
  void suspect() {
    suspected = true;
    wake();
  }

  /** Sends whoever works or idles here away, and lets nobody in; does not wait. */
  void stop() {
    fence.close();
    wake();
  }

  /**
   * After {@link #stop}: waits until nobody is inside.
   *
   * @return false if the deadline came first
   */
  boolean stopped(long deadlineNanos) {
    return fence.await(runtime, deadlineNanos);
  }

  /** Gives the landings back and frees what it holds, after {@link #stopped} gave true. */
  void release() {
    if (port != null) {
      port.giveBack();
    }
    bell.close();
    set.close();
  }
}
