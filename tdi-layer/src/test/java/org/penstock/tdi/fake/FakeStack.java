package org.penstock.tdi.fake;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.StackView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;
import org.penstock.core.api.Gate;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.Udp;

/** A stack with the address 192.0.2.1 and a route to 192.0.2.0/24, in memory. */
public final class FakeStack implements Stack {

  public static final IpAddress OWN = IpAddress.parse("192.0.2.1");

  private final FakeRuntime runtime;
  private final LockGate gate;
  private final FakePorts ports = new FakePorts();
  private final FakeTcp tcp;
  private final FakeUdp udp;
  private final AtomicInteger chunksOut = new AtomicInteger();

  /** A stack of 8 cells. */
  public FakeStack(long seed, int partitions) {
    this.runtime = new FakeRuntime(seed);
    this.gate = new LockGate(runtime, 8, partitions);
    this.tcp = new FakeTcp(gate, ports);
    this.udp = new FakeUdp(gate);
  }

  /** A stack of 8 cells, each a partition. */
  public static FakeStack create() {
    return new FakeStack(1, 8);
  }

  public LockGate lockGate() {
    return gate;
  }

  public FakeTcp fakeTcp() {
    return tcp;
  }

  public FakeUdp fakeUdp() {
    return udp;
  }

  public FakePorts fakePorts() {
    return ports;
  }

  /** Chunks that are not back in their pool. */
  public int chunksOut() {
    return chunksOut.get();
  }

  /** Puts the clock forward and runs the timers that are due. */
  public void advance(long nanos) {
    runtime.advance(nanos);
    gate.runTimers();
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public Gate gate() {
    return gate;
  }

  @Override
  public Tcp tcp() {
    return tcp;
  }

  @Override
  public Udp udp() {
    return udp;
  }

  @Override
  public Icmp icmp() {
    throw new UnsupportedOperationException("no ICMP here");
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public Chunks chunks() {
    return bytes -> {
      int capacity = bytes <= Chunks.SMALL ? Chunks.SMALL : Chunks.LARGE;
      chunksOut.incrementAndGet();
      return new Chunk(
          MemorySegment.ofArray(new byte[capacity]), chunk -> chunksOut.decrementAndGet());
    };
  }

  @Override
  public StackView view() {
    throw new UnsupportedOperationException("nothing to see here");
  }

  @Override
  public @Nullable IpAddress sourceFor(IpAddress remote) {
    return remote.isIpv4() && remote.ipv4() >>> 8 == OWN.ipv4() >>> 8 ? OWN : null;
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return address.equals(OWN);
  }

  @Override
  public Slot addSlot(SlotSettings settings) {
    throw new UnsupportedOperationException("no slots here");
  }

  @Override
  public @Nullable Slot slot(String name) {
    return null;
  }

  @Override
  public void removeSlot(String name) {
    throw new UnsupportedOperationException("no slots here");
  }

  @Override
  public @Nullable String swap(@Nullable ConcurrencyStrategy strategy) {
    return "there is one strategy only";
  }

  @Override
  public void observe(@Nullable SlotObserver observer) {
    throw new UnsupportedOperationException("no frames here");
  }

  @Override
  public void close() {}
}
