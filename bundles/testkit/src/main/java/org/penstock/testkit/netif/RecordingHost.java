package org.penstock.testkit.netif;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.runtime.StackRuntime;

/**
 * A slot that only records: the double that a driver's tests attach it to. It has landings of its
 * own, copies what is delivered, keeps every event, and notes each breach of the driver's contract
 * as a {@linkplain #violations violation}.
 *
 * <p>Landings that were delivered are overwritten before they are lent again, so that a driver that
 * still looks at one is found out. All methods may be called from any thread.
 */
public final class RecordingHost implements NetifHost {

  private static final byte POISON = (byte) 0xdb;
  private static final int MOST_BATCH = 256;

  private final String slot;
  private final StackRuntime runtime;
  private final MacAddress mac;
  private final int landingBytes;

  private final List<ReceivedFrame> frames = new ArrayList<>();
  private final List<LinkState> links = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Map<Integer, Port> ports = new HashMap<>();
  private final Deque<Landing> free = new ArrayDeque<>();
  private int readies;
  private int capabilityChanges;
  private int landingsOut;
  private int landingsMade;
  private int longestBatch;
  private @Nullable Thread attaching;
  private boolean ended;
  private @Nullable Runnable onDeliver;

  /** A slot for a driver with the given capabilities, on the given runtime. */
  public RecordingHost(String slot, StackRuntime runtime, NetifCapabilities capabilities) {
    this.slot = slot;
    this.runtime = runtime;
    this.mac = MacAddress.locallyAdministered(slot.hashCode());
    this.landingBytes = ReceivePort.HEADROOM + capabilities.receiveCoalescing();
  }

  // ---- what the test asks ----

  /** The frames delivered so far. */
  public synchronized List<ReceivedFrame> frames() {
    return List.copyOf(frames);
  }

  /** Takes the frames delivered so far away. */
  public synchronized List<ReceivedFrame> takeFrames() {
    List<ReceivedFrame> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** The link changes told so far. */
  public synchronized List<LinkState> links() {
    return List.copyOf(links);
  }

  /** How often the driver said that it has room again. */
  public synchronized int transmitReadies() {
    return readies;
  }

  /** How often the driver said that its capabilities changed. */
  public synchronized int capabilityChanges() {
    return capabilityChanges;
  }

  /** The failures the driver reported. */
  public synchronized List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** Breaches of the contract noticed so far, in words. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** Landings that are lent to the driver. */
  public synchronized int landingsOut() {
    return landingsOut;
  }

  /** Landings made so far, to see that a driver gives back what it is lent. */
  public synchronized int landingsMade() {
    return landingsMade;
  }

  /** The most frames that were delivered at once. */
  public synchronized int longestBatch() {
    return longestBatch;
  }

  /** Whether the driver opened a receive queue. */
  public synchronized boolean isOpen() {
    return !ports.isEmpty();
  }

  /** Runs something within each delivery, on the driver's thread, as a stack would. */
  public synchronized void onDeliver(@Nullable Runnable action) {
    onDeliver = action;
  }

  /** From now until {@link #attached} every call by this thread is a violation. */
  public synchronized void attaching() {
    attaching = Thread.currentThread();
  }

  /** The driver's {@code attach} has returned or thrown. */
  public synchronized void attached() {
    attaching = null;
  }

  /** From now on every call is a violation: {@code detach} has returned true. */
  public synchronized void ended() {
    ended = true;
    if (landingsOut != 0) {
      violations.add(landingsOut + " landings were not given back at detach");
    }
  }

  /**
   * Waits until a condition on what was recorded holds.
   *
   * @param deadlineNanos when to give up, by the runtime's clock
   * @return whether it holds
   */
  public synchronized boolean await(BooleanSupplier condition, long deadlineNanos) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      long left = deadlineNanos - runtime.nanoTime();
      if (left <= 0 || interrupted) {
        break;
      }
      try {
        wait(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return condition.getAsBoolean();
  }

  // ---- what the driver calls ----

  @Override
  public String slot() {
    return slot;
  }

  @Override
  public MacAddress mac() {
    return mac;
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public synchronized ReceivePort openReceive(int queue, int batch) {
    called("openReceive(" + queue + ", " + batch + ")");
    if (batch < 1 || batch > MOST_BATCH) {
      violations.add("openReceive asked for a batch of " + batch + ", not of 1 to " + MOST_BATCH);
      throw new IllegalArgumentException("batch " + batch + " is not between 1 and " + MOST_BATCH);
    }
    if (ports.containsKey(queue)) {
      violations.add("queue " + queue + " was opened twice");
      throw new IllegalStateException("queue " + queue + " is open already");
    }
    Port port = new Port(queue, batch);
    ports.put(queue, port);
    return port;
  }

  @Override
  public synchronized void linkChanged(LinkState state) {
    called("linkChanged(" + state + ")");
    links.add(state);
    notifyAll();
  }

  @Override
  public synchronized void capabilitiesChanged() {
    called("capabilitiesChanged");
    capabilityChanges++;
    notifyAll();
  }

  @Override
  public synchronized void transmitReady() {
    called("transmitReady");
    readies++;
    notifyAll();
  }

  @Override
  public synchronized void failed(Throwable cause) {
    called("failed(" + cause + ")");
    failures.add(cause);
    notifyAll();
  }

  private void called(String what) {
    if (attaching == Thread.currentThread()) {
      violations.add(what + " was called from within attach");
    }
    if (ended) {
      violations.add(what + " was called after detach");
    }
  }

  private synchronized void violation(String what) {
    violations.add(what);
  }

  private Landing lend() {
    Landing landing = free.poll();
    if (landing == null) {
      landingsMade++;
      landing = new Landing(Arena.ofAuto().allocate(landingBytes), this::home);
    }
    landingsOut++;
    return landing;
  }

  private synchronized void home(Landing landing) {
    landing.segment().fill(POISON);
    free.addLast(landing);
    landingsOut--;
  }

  private final class Port implements ReceivePort {
    private final int queue;
    private final Landing[] landings;
    private final AtomicInteger inside = new AtomicInteger();
    private boolean closed;

    Port(int queue, int batch) {
      this.queue = queue;
      this.landings = new Landing[batch];
      for (int i = 0; i < batch; i++) {
        landings[i] = lend();
      }
    }

    @Override
    public Landing[] landings() {
      return landings;
    }

    @Override
    public void deliver(int count) {
      if (inside.getAndIncrement() != 0) {
        violation("two threads delivered at a time on queue " + queue);
      }
      try {
        record(count);
        Runnable action = actionOnDeliver();
        if (action != null) {
          action.run();
        }
      } finally {
        inside.decrementAndGet();
      }
    }

    private void record(int count) {
      synchronized (RecordingHost.this) {
        called("deliver(" + count + ")");
        if (closed) {
          violations.add("deliver after giveBack on queue " + queue);
        }
        if (count < 1 || count > landings.length) {
          violations.add("deliver(" + count + ") of a batch of " + landings.length);
        }
        int most = Math.min(count, landings.length);
        longestBatch = Math.max(longestBatch, count);
        for (int i = 0; i < most; i++) {
          Landing full = landings[i];
          if (full.queue() != queue) {
            violations.add("queue " + queue + " delivered a frame described as of " + full.queue());
          }
          frames.add(ReceivedFrame.of(full));
          // Every other one is exchanged, so that a driver must read its array again.
          if (i % 2 == 0) {
            landings[i] = lend();
            full.release();
          } else {
            full.segment().fill(POISON);
          }
        }
        RecordingHost.this.notifyAll();
      }
    }

    @Override
    public void giveBack() {
      synchronized (RecordingHost.this) {
        called("giveBack");
        if (closed) {
          violations.add("giveBack twice on queue " + queue);
          return;
        }
        closed = true;
        for (Landing landing : landings) {
          landing.release();
        }
        ports.remove(queue);
        RecordingHost.this.notifyAll();
      }
    }
  }

  private synchronized @Nullable Runnable actionOnDeliver() {
    return onDeliver;
  }
}
