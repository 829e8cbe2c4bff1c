package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.StackView;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.launcher.Eventually;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;
import org.penstock.netif.tap.Tap;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.impairment.Wire;
import org.penstock.testkit.impairment.WireProbe;

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
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final int PROBES = 60;

  private final NetworkNamespace namespace;
  private final Tap tap;
  private final @Nullable Wire wire;
  private final Stack stack;
  private final Transport transport;
  private final Client client;

  private TappedStack(
      NetworkNamespace namespace, Tap tap, Netif netif, @Nullable Wire wire, EcnUse ecn)
      throws Exception {
    this.namespace = namespace;
    this.tap = tap;
    this.wire = wire;
    this.stack =
        new StackBuilder("oracle")
            .strategy("global-lock")
            .timeWait(Duration.ofMillis(200).toNanos())
            .ecn(ecn)
            .build();
    this.transport = Transport.of(stack);
    this.client = transport.client("oracle");
    String refused = stack.addSlot(SlotSettings.of("net0", STACK + "/24")).offer(netif, 0);
    assertThat(refused).isNull();
  }

  /** Starts both, joined by nothing but the device, which takes over what it can. */
  static TappedStack direct() throws Exception {
    return start(
        true, (namespace, tap) -> new TappedStack(namespace, tap, tap, null, EcnUse.PASSIVE));
  }

  /**
   * Starts both with a bad wire between: every frame is a packet with complete checksums.
   *
   * @param config of both directions
   * @param probe sees what the stack's end of the wire sees
   */
  static TappedStack impaired(ImpairmentConfig config, long seed, WireProbe probe)
      throws Exception {
    return impaired(config, seed, probe, EcnUse.PASSIVE);
  }

  /** The same, with a stack that uses ECN like that. */
  static TappedStack impaired(ImpairmentConfig config, long seed, WireProbe probe, EcnUse ecn)
      throws Exception {
    return start(
        false,
        (namespace, tap) -> {
          Cable cable =
              new Cable(SystemRuntime.get(), CableOptions.named("wire").withOffload(Offload.NONE));
          Wire wire =
              Wire.join(SystemRuntime.get(), cable.end(1), tap, config, config, seed, probe);
          return new TappedStack(namespace, tap, cable.end(0), wire, ecn);
        });
  }

  private interface Joining {
    TappedStack join(NetworkNamespace namespace, Tap tap) throws Exception;
  }

  private static TappedStack start(boolean offload, Joining joining) throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    Tap tap = null;
    try {
      tap = Tap.open(TapSettings.of(DEVICE).withNetns(namespace.name()).withOffload(offload));
      namespace.run("ip", "address", "add", KERNEL + "/24", "dev", DEVICE);
      namespace.run("ip", "link", "set", DEVICE, "up");
      TappedStack tapped = joining.join(namespace, tap);
      tapped.awaitAnswer();
      return tapped;
    } catch (Exception | AssertionError e) {
      if (tap != null) {
        tap.close();
      }
      namespace.close();
      throw e;
    }
  }

  private void awaitAnswer() throws Exception {
    for (int i = 0; i < PROBES; i++) {
      Icmp.Echo echo =
          stack
              .icmp()
              .echo(IpAddress.parse(KERNEL), 56, PROBE.toNanos())
              .toCompletableFuture()
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (echo.outcome() == Icmp.Outcome.REPLY) {
        return;
      }
    }
    throw new AssertionError("the kernel does not answer");
  }

  /** Sets one of the kernel's TCP settings, such as {@code tcp_sack}. */
  void set(String name, int value) {
    namespace.run("sysctl", "-q", "-w", "net.ipv4." + name + "=" + value);
  }

  /** The stack. */
  Stack stack() {
    return stack;
  }

  /** A client of the stack's transport. */
  Client client() {
    return client;
  }

  /** The stack, to look at. */
  StackView view() {
    return stack.view();
  }

  /** The wire, which must be there. */
  Wire wire() {
    return Objects.requireNonNull(wire);
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
  String sh(String command) {
    return namespace.run(PATIENCE, "sh", "-c", command).stripTrailing();
  }

  /** Waits until a program in the namespace listens for IPv4, alone or together with IPv6. */
  void awaitListener(int port) throws InterruptedException {
    Eventually.await(
        "a listener at port " + port,
        () -> {
          String listening = sh("ss -Htln");
          return listening.contains("0.0.0.0:" + port + " ")
              || listening.contains("*:" + port + " ");
        },
        () -> sh("ss -tln"));
  }

  @Override
  public void close() throws TapException {
    List<String> broken = stack.view().checkInvariants();
    transport.close();
    stack.close();
    if (wire != null) {
      wire.close();
    }
    tap.close();
    namespace.close();
    assertThat(broken).as("invariants that do not hold").isEmpty();
  }
}
