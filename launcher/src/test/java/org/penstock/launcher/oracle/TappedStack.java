package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.penstock.api.IpAddress;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.tap.Tap;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;
import org.penstock.testkit.NetworkNamespace;

/**
 * A stack in this JVM and Linux in a namespace of its own, joined by a TAP device. Closing it
 * checks the stack's invariants.
 */
final class TappedStack implements AutoCloseable {

  /** The stack's address. */
  static final String STACK = "192.0.2.2";

  /** The kernel's address. */
  static final String KERNEL = "192.0.2.1";

  private static final String DEVICE = "tap0";
  private static final long PATIENCE_SECONDS = 60;
  private static final long STEP_MILLIS = 5;
  private static final Duration PROBE = Duration.ofSeconds(10);

  private final NetworkNamespace namespace;
  private final Tap tap;
  private final Stack stack;
  private final Transport transport;
  private final Client client;

  private TappedStack(NetworkNamespace namespace, Tap tap) {
    this.namespace = namespace;
    this.tap = tap;
    this.stack =
        new StackBuilder("oracle")
            .strategy("global-lock")
            .timeWait(Duration.ofMillis(200).toNanos())
            .build();
    this.transport = Transport.of(stack);
    this.client = transport.client("oracle");
  }

  /** Starts both. */
  static TappedStack start() throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    Tap tap = null;
    try {
      tap = Tap.open(TapSettings.of(DEVICE).withNetns(namespace.name()));
      namespace.run("ip", "address", "add", KERNEL + "/24", "dev", DEVICE);
      namespace.run("ip", "link", "set", DEVICE, "up");
      TappedStack tapped = new TappedStack(namespace, tap);
      tapped.join();
      return tapped;
    } catch (Exception | AssertionError e) {
      if (tap != null) {
        tap.close();
      }
      namespace.close();
      throw e;
    }
  }

  private void join() throws Exception {
    String refused = stack.addSlot(SlotSettings.of("net0", STACK + "/24")).offer(tap, 0);
    assertThat(refused).isNull();
    assertThat(
            stack
                .icmp()
                .echo(IpAddress.parse(KERNEL), 56, PROBE.toNanos())
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .bytes())
        .isEqualTo(56);
  }

  /** The stack. */
  Stack stack() {
    return stack;
  }

  /** A client of the stack's transport. */
  Client client() {
    return client;
  }

  /** Linux. */
  NetworkNamespace linux() {
    return namespace;
  }

  /**
   * Runs a command of the shell in the namespace, for a minute at most.
   *
   * @return what it wrote to both its outputs
   * @throws AssertionError if it fails
   */
  String sh(String command) throws Exception {
    Process process = namespace.start("sh", "-c", command);
    process
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((ended, late) -> {
          if (late != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
          }
        });
    String output = process.inputReader().lines().collect(Collectors.joining("\n"));
    assertThat(process.waitFor()).as("exit code of %s\n%s", command, output).isZero();
    return output;
  }

  /** Waits until something holds, which must be within a minute. */
  static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not come within a minute: " + what);
      }
      Thread.sleep(STEP_MILLIS);
    }
  }

  @Override
  public void close() throws TapException {
    List<String> broken = stack.view().checkInvariants();
    transport.close();
    stack.close();
    tap.close();
    namespace.close();
    assertThat(broken).as("invariants that do not hold").isEmpty();
  }
}
