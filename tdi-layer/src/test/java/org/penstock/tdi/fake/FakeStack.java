package org.penstock.tdi.fake;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;
import org.penstock.core.api.Gate;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Stack;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.Udp;

/**
 * A stack with the address 192.0.2.1 and a route to 192.0.2.0/24, in memory. It has what the
 * transport layer uses of a stack; all else fails.
 */
public final class FakeStack {

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

  /** As a stack. */
  public Stack stack() {
    return (Stack)
        Proxy.newProxyInstance(
            Stack.class.getClassLoader(), new Class<?>[] {Stack.class}, this::invoke);
  }

  private @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return FakeStack.class
          .getMethod(method.getName(), method.getParameterTypes())
          .invoke(this, arguments);
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException("not in the fake: " + method, e);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
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

  public String name() {
    return "fake";
  }

  public StackRuntime runtime() {
    return runtime;
  }

  public Gate gate() {
    return gate;
  }

  public Tcp tcp() {
    return tcp;
  }

  public Udp udp() {
    return udp;
  }

  public Ports ports() {
    return ports;
  }

  public Chunks chunks() {
    return bytes -> {
      int capacity = bytes <= Chunks.SMALL ? Chunks.SMALL : Chunks.LARGE;
      chunksOut.incrementAndGet();
      return new Chunk(
          MemorySegment.ofArray(new byte[capacity]), chunk -> chunksOut.decrementAndGet());
    };
  }

  public @Nullable IpAddress sourceFor(IpAddress remote) {
    return remote.isIpv4() && remote.ipv4() >>> 8 == OWN.ipv4() >>> 8 ? OWN : null;
  }

  public boolean isLocal(IpAddress address) {
    return address.equals(OWN);
  }
}
