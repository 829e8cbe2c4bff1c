package org.penstock.service.iperf3.internal;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.tdi.Client;

/**
 * One test at one end: its streams, its beginning and its end. Streams are added before it begins,
 * by one thread; everything else may be called from any.
 *
 * <p>TCP at full speed needs no thread: each send is issued by the completion of an earlier one. A
 * rate, and datagrams, are kept up by a thread that looks every millisecond.
 */
final class TestRun {

  /** How often the senders with a rate are looked at: iperf3's pacing timer. */
  private static final long PACE_NANOS = 1_000_000;

  private static final long SECOND = 1_000_000_000L;
  private static final int PAYLOAD = 64 * 1024;

  private final Client client;
  private final StackRuntime runtime;
  private final Iperf3Settings settings;
  private final boolean wideCounters;
  private final List<DataStream> streams = new CopyOnWriteArrayList<>();
  private final MemorySegment payload = MemorySegment.ofArray(new byte[PAYLOAD]).asReadOnly();
  private final Map<Integer, Long> retransmits = new ConcurrentHashMap<>();
  private final AtomicLong budget;
  private final Runnable whenSpent;

  private volatile boolean running;
  private volatile boolean over;
  private volatile long startNanos;
  private volatile long endNanos;
  private volatile @Nullable Parker pacer;
  private Duration cpuAtStart = Duration.ZERO;
  private double cpuPercent;

  /**
   * A test.
   *
   * @param wideCounters whether datagrams are numbered by 64 bits rather than 32
   * @param bytes what all senders of this end send together, 0 for no limit
   * @param whenSpent called when that much has been sent
   */
  TestRun(
      Client client,
      Iperf3Settings settings,
      boolean wideCounters,
      long bytes,
      Runnable whenSpent) {
    this.client = client;
    this.runtime = client.runtime();
    this.settings = settings;
    this.wideCounters = wideCounters;
    this.budget = new AtomicLong(bytes == 0 ? Long.MAX_VALUE : bytes);
    this.whenSpent = whenSpent;
  }

  Client client() {
    return client;
  }

  StackRuntime runtime() {
    return runtime;
  }

  Iperf3Settings settings() {
    return settings;
  }

  boolean wideCounters() {
    return wideCounters;
  }

  List<DataStream> streams() {
    return streams;
  }

  /** Octets to send; read-only. */
  MemorySegment payload() {
    return payload;
  }

  boolean isRunning() {
    return running;
  }

  /** Whether what is received belongs to the test; the other end may have begun before this one. */
  boolean isCounting() {
    return !over;
  }

  long startNanos() {
    return startNanos;
  }

  /** Whether a thread paces the senders. */
  boolean isPaced() {
    return settings.udp() || settings.bitsPerSecond() > 0;
  }

  /** Adds a stream; it gets the next number. */
  void add(DataStream stream, boolean sends) {
    // iperf3 counts 1, 3, 4, 5, …, and finds the other end's results by these numbers.
    stream.assign(streams.isEmpty() ? 1 : streams.size() + 2, sends);
    streams.add(stream);
  }

  /** The load begins. */
  void begin() {
    cpuAtStart = cpu();
    long now = runtime.nanoTime();
    startNanos = now;
    running = true;
    List<DataStream> senders = new ArrayList<>();
    for (DataStream stream : streams) {
      if (settings.omitSeconds() > 0) {
        stream.meter().omit(now + settings.omitSeconds() * SECOND);
      }
      if (stream.isSending()) {
        senders.add(stream);
      }
    }
    if (senders.isEmpty()) {
      return;
    }
    if (isPaced()) {
      runtime.start("penstock-" + client.stackName() + "-iperf3", () -> pace(senders));
    } else {
      senders.forEach(stream -> stream.sendDue(now));
    }
  }

  private void pace(List<DataStream> senders) {
    Parker parker = runtime.parker();
    pacer = parker;
    while (running) {
      long now = runtime.nanoTime();
      senders.forEach(stream -> stream.sendDue(now));
      if (!parker.park(now + PACE_NANOS)) {
        return;
      }
    }
  }

  /** A sender at full speed has room again. */
  void wakePacer() {
    Parker parker = pacer;
    if (parker != null) {
      parker.unpark();
    }
  }

  /**
   * Takes bytes to send out of what the test still has to send.
   *
   * @return up to as many, 0 if all were sent
   */
  int claim(int wanted) {
    while (true) {
      long left = budget.get();
      if (left == Long.MAX_VALUE) {
        return wanted;
      }
      int taken = (int) Math.min(wanted, left);
      if (budget.compareAndSet(left, left - taken)) {
        if (taken == 0) {
          whenSpent.run();
        }
        return taken;
      }
    }
  }

  /** The load ends; nothing is sent any more. The first call counts. */
  synchronized void end() {
    if (running) {
      running = false;
      over = true;
      endNanos = runtime.nanoTime();
      double took = Math.max(1, endNanos - startNanos);
      cpuPercent = 100 * cpu().minus(cpuAtStart).toNanos() / took;
      wakePacer();
    }
  }

  /** How long the load has been or was there, the omission left out. */
  double seconds() {
    long until = running ? runtime.nanoTime() : endNanos;
    return Math.max(0, (until - startNanos) / (double) SECOND - settings.omitSeconds());
  }

  /** Has the senders' retransmissions counted, while their connections last; at passive level. */
  void countRetransmits() {
    for (DataStream stream : streams) {
      if (stream.isSending() && !settings.udp()) {
        retransmits.put(stream.id(), stream.retransmits());
      }
    }
  }

  /** This end's results. */
  Exchange.Results results() {
    boolean counted = !retransmits.isEmpty();
    double seconds = seconds();
    List<Exchange.Stream> results = new ArrayList<>();
    for (DataStream stream : streams) {
      Meter.Reading reading = stream.meter().counted();
      results.add(
          new Exchange.Stream(
              stream.id(),
              reading.bytes(),
              retransmits.getOrDefault(stream.id(), Exchange.UNKNOWN),
              reading.jitterSeconds(),
              reading.lost(),
              reading.packets(),
              seconds));
    }
    return new Exchange.Results(cpuPercent, counted, List.copyOf(results));
  }

  /** Ends the streams as well. */
  void close() {
    end();
    streams.forEach(DataStream::close);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
