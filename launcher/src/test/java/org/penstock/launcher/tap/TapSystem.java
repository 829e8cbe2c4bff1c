package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.penstock.launcher.Distribution;
import org.penstock.launcher.Eventually;
import org.penstock.launcher.PaxContainer;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.Prerequisites;

/**
 * A stack with its services in the container, and Linux's own in a network namespace, joined by a
 * TAP or TUN device. Folders of its own below {@code target/tap}: {@code www} is what the HTTP
 * server shows, {@code got} is for what clients fetch.
 */
final class TapSystem implements AutoCloseable {

  /** The stack's address. */
  static final String STACK = "198.51.100.2";

  /** The TAP's name in the namespace. */
  static final String DEVICE = "tap0";

  /** The TUN's name in the namespace. */
  static final String TUN = "tun0";

  private static final String TUN_FILE = "netif.tun-" + TUN;

  /** The kernel's address. */
  static final String KERNEL = "198.51.100.1";

  private static final String NAME = "tapped";
  private static final long PATIENCE_SECONDS = 120;

  /**
   * What joins the two.
   *
   * @param type the end of its PID
   * @param device its name
   * @param slot addresses of the stack's side
   * @param kernel the address of the kernel's side, as ip(8) takes it
   */
  private record Wire(String type, String device, Map<String, String> slot, String kernel) {
    private static final Wire TAP =
        new Wire("tap", DEVICE, Map.of("addresses", STACK + "/24"), KERNEL + "/24");

    // Point to point: no subnet on either side, and everything goes through it.
    private static final Wire TUN =
        new Wire(
            "tun",
            TapSystem.TUN,
            Map.of("addresses", STACK + "/32", "gateway", KERNEL),
            KERNEL + " peer " + STACK);
  }

  private final Path folder;
  private final Wire wire;
  private final NetworkNamespace namespace;
  private final PaxContainer container;
  private final StackProbe stack;

  private TapSystem(Path folder, Wire wire, NetworkNamespace namespace, PaxContainer container) {
    this.folder = folder;
    this.wire = wire;
    this.namespace = namespace;
    this.container = container;
    this.stack = new StackProbe(container.context(), NAME);
  }

  /**
   * Starts both, joined by a TUN, and waits until the kernel has an answer from every service.
   *
   * @param name of its folder
   * @param stackSettings configuration of the stack beside its name
   * @param tunSettings configuration of the TUN beside its name and namespace
   */
  static TapSystem startTun(
      String name, Map<String, String> stackSettings, Map<String, String> tunSettings)
      throws Exception {
    return start(Wire.TUN, name, stackSettings, tunSettings);
  }

  /**
   * Starts both, joined by a TAP, and waits until the kernel has an answer from every service.
   *
   * @param name of its folder
   * @param stackSettings configuration of the stack beside its name
   * @param tapSettings configuration of the TAP beside its name and namespace
   */
  static TapSystem start(
      String name, Map<String, String> stackSettings, Map<String, String> tapSettings)
      throws Exception {
    return start(Wire.TAP, name, stackSettings, tapSettings);
  }

  private static TapSystem start(
      Wire wire, String name, Map<String, String> stackSettings, Map<String, String> deviceSettings)
      throws Exception {
    requireTools();
    Path folder = Distribution.emptied("tap/" + name);
    for (String sub : new String[] {"conf", "www", "got"}) {
      Files.createDirectories(folder.resolve(sub));
    }
    NetworkNamespace namespace = NetworkNamespace.create();
    try {
      configure(folder, wire, namespace.name(), stackSettings, deviceSettings);
      PaxContainer container = PaxContainer.start("tap-" + name, folder.resolve("conf"));
      TapSystem system = new TapSystem(folder, wire, namespace, container);
      try {
        system.awaitReady();
        return system;
      } catch (Exception | AssertionError e) {
        container.close();
        throw e;
      }
    } catch (Exception | AssertionError e) {
      namespace.close();
      throw e;
    }
  }

  private static void requireTools() {
    Prerequisites.requireTap();
    Prerequisites.requireTool("ping", "iputils-ping");
    Prerequisites.requireTool("curl", "curl");
    Prerequisites.requireTool("ncat", "ncat");
    Prerequisites.requireTool("ethtool", "ethtool");
    Prerequisites.requireTool("tcpdump", "tcpdump");
    Prerequisites.requireTool("tshark", "tshark");
  }

  private static void configure(
      Path folder,
      Wire wire,
      String namespace,
      Map<String, String> stackSettings,
      Map<String, String> deviceSettings)
      throws IOException {
    Path conf = folder.resolve("conf");
    write(conf, "stack-" + NAME, Map.of("name", NAME), stackSettings);
    writeDevice(conf, wire, wire.device, namespace, deviceSettings);
    // Whatever device of the namespace ranks highest.
    writeSlot(conf, wire, Map.of("netif.target", "(netns=" + namespace + ")"));
    for (String service : new String[] {"echo", "discard", "chargen"}) {
      write(conf, "service." + service + "-" + NAME, Map.of("stack", NAME), Map.of());
    }
    write(
        conf,
        "service.http-" + NAME,
        Map.of("stack", NAME, "root", folder.resolve("www").toString()),
        Map.of());
  }

  private static void writeDevice(
      Path conf, Wire wire, String device, String namespace, Map<String, String> settings)
      throws IOException {
    write(
        conf,
        "netif." + wire.type + "-" + device,
        Map.of("name", device, "netns", namespace),
        settings);
  }

  private static void writeSlot(Path conf, Wire wire, Map<String, String> settings)
      throws IOException {
    Map<String, String> slot = new HashMap<>(wire.slot);
    slot.putAll(settings);
    write(conf, "slot-net0", Map.of("stack", NAME, "name", "net0"), slot);
  }

  /** Configures a TAP, anew or again, and waits until it is there. */
  void configureTap(String device, Map<String, String> settings) throws Exception {
    writeDevice(folder.resolve("conf"), Wire.TAP, device, namespace.name(), settings);
    Eventually.await("the device " + device, () -> succeeds("ip link show " + device), () -> "");
  }

  /** Configures the interface again. */
  void configureSlot(Map<String, String> settings) throws IOException {
    writeSlot(folder.resolve("conf"), wire, settings);
  }

  /** Offers a TUN as well, which the interface takes at once in place of what it has. */
  void addTun() throws Exception {
    Map<String, String> settings = Map.of("name", TUN, "netns", namespace.name());
    // Made elsewhere and moved, so that it is never seen half written.
    write(folder, TUN_FILE, settings, Map.of("service.ranking", "10"));
    String file = "org.penstock." + TUN_FILE + ".cfg";
    Files.move(folder.resolve(file), container.load().resolve(file));
    awaitDriver(TUN);
    // To the stack's address alone, so that this route goes before that of the TAP's subnet.
    sh("ip link set " + TUN + " up && ip route add " + STACK + " dev " + TUN + " src " + KERNEL);
  }

  /** Takes the TUN away again, which leaves the interface with what it had before. */
  void removeTun() throws Exception {
    Files.delete(container.load().resolve("org.penstock." + TUN_FILE + ".cfg"));
    awaitDriver(DEVICE);
  }

  private void awaitDriver(String name) throws InterruptedException {
    Eventually.await(
        "the driver " + name,
        () -> stack.textOfInterface("driver").equals(name),
        () -> stack.textOfInterface("driver"));
  }

  private static void write(
      Path conf, String name, Map<String, String> settings, Map<String, String> more)
      throws IOException {
    Files.writeString(conf.resolve("org.penstock." + name + ".cfg"), lines(settings) + lines(more));
  }

  private static String lines(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private void awaitReady() throws Exception {
    Eventually.await("the stack", stack::isThere, () -> "no service");
    String device = wire.device;
    Eventually.await("the device " + device, () -> succeeds("ip link show " + device), () -> "");
    sh("ip address add " + wire.kernel + " dev " + device + " && ip link set " + device + " up");
    for (int port : new int[] {7, 9, 19, 80}) {
      Eventually.await(
          "an answer at port " + port,
          () -> succeeds("ncat --send-only -w 5 " + STACK + " " + port + " </dev/null"),
          stack::connections);
    }
    awaitIdle();
  }

  /** Waits until there is no connection, not even one in TIME-WAIT. */
  void awaitIdle() throws InterruptedException {
    Eventually.await(
        "a stack without connections",
        () -> stack.connections().isEmpty() && stack.connectedEndpoints().isEmpty(),
        () -> stack.connections() + " " + stack.connectedEndpoints());
  }

  /** The stack, to look at. */
  StackProbe stack() {
    return stack;
  }

  /** What the HTTP server shows under a name. */
  Path www(String name) {
    return folder.resolve("www").resolve(name);
  }

  /** Where a client puts what it fetches. */
  Path got(String name) {
    return folder.resolve("got").resolve(name);
  }

  /** A bundle of the container. */
  Bundle bundle(String symbolicName) {
    BundleContext framework = container.context();
    for (Bundle bundle : framework.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("no bundle " + symbolicName);
  }

  /**
   * Runs a command of the shell in the namespace, for two minutes at most.
   *
   * @return what it wrote to both its outputs
   * @throws AssertionError if it fails
   */
  String sh(String command) throws Exception {
    Process process = start(command);
    return finish(process, command);
  }

  /**
   * Starts a command of the shell in the namespace. With {@code exec} in front the process is the
   * program itself and not the shell.
   */
  Process start(String command) {
    return namespace.start("sh", "-c", command);
  }

  /**
   * Waits for the end of a process, for two minutes at most.
   *
   * @return what it wrote
   * @throws AssertionError if it fails
   */
  static String finish(Process process, String command) throws Exception {
    limit(process);
    String output = process.inputReader().lines().collect(Collectors.joining("\n"));
    assertThat(process.waitFor()).as("exit code of %s\n%s", command, output).isZero();
    return output;
  }

  /** Has a process killed in two minutes, so that nobody reads its output for ever. */
  static void limit(Process process) {
    process
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((ended, late) -> {
          if (late != null) {
            // By the handles, since Process.destroy would close the output before it is read.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
          }
        });
  }

  private boolean succeeds(String command) {
    try {
      Process process = start(command + " >/dev/null 2>&1");
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + command, e);
    }
  }

  /** The SHA-256 of a file in lower-case hexadecimal. */
  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    try (namespace) {
      container.close();
    }
  }
}
