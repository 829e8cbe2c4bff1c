package org.penstock.service.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Transport;
import org.penstock.tdi.TransportException;

/**
 * Two stacks joined by a cable, with a transport each: a client's at 192.0.2.1 and a server's at
 * 192.0.2.2. Closing it checks that the invariants of both hold.
 */
public final class JoinedStacks implements AutoCloseable {

  /** The server's address. */
  public static final String SERVER = "192.0.2.2";

  /** Longer than anything in a test takes. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Stack clientStack = stack("client");
  private final Stack serverStack = stack("server");
  private final Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("joined"));
  private final Transport clientTransport = Transport.of(clientStack);
  private final Transport serverTransport = Transport.of(serverStack);
  private final Client client = clientTransport.client("test");
  private final Client server = serverTransport.client("service");

  /** Two stacks that can reach each other. */
  public JoinedStacks() {
    join(clientStack, "192.0.2.1/24", 0);
    join(serverStack, SERVER + "/24", 1);
  }

  private static Stack stack(String name) {
    return new StackBuilder(name)
        .strategy(new GlobalLockStrategy())
        .cells(4)
        .timeWait(Duration.ofMillis(50).toNanos())
        .sentinel(true)
        .build();
  }

  private void join(Stack stack, String prefix, int end) {
    String refused = stack.addSlot(SlotSettings.of("net0", prefix)).offer(cable.end(end), 0);
    if (refused != null) {
      throw new IllegalStateException(refused);
    }
  }

  /** The client's side. */
  public Client client() {
    return client;
  }

  /** The side that the service runs on. */
  public Client server() {
    return server;
  }

  /** The stack that the service runs on. */
  public Stack serverStack() {
    return serverStack;
  }

  /** The server's address with this port. */
  public static TransportAddress at(int port) {
    return TransportAddress.of(SERVER, port);
  }

  /** Opens a TCP endpoint of the client's and connects it. */
  public ConnectionEndpoint connect(int port) throws TransportException {
    AddressFile file = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    endpoint.connect(at(port), PATIENCE);
    return endpoint;
  }

  /** Opens a UDP address of the client's on a port, 0 for any. */
  public AddressFile datagrams(int port) throws TransportException {
    return client.openAddress(
        Protocol.UDP, new TransportAddress(TransportAddress.ANY_IPV4.address(), port));
  }

  /** Waits until something holds, which must be within {@link #PATIENCE}. */
  public static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    List<String> broken =
        List.of(clientStack.view().checkInvariants(), serverStack.view().checkInvariants()).stream()
            .flatMap(List::stream)
            .toList();
    clientTransport.close();
    serverTransport.close();
    clientStack.close();
    serverStack.close();
    if (!broken.isEmpty()) {
      throw new AssertionError("invariants that do not hold: " + broken);
    }
  }
}
