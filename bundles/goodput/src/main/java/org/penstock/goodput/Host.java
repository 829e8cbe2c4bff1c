package org.penstock.goodput;

import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.penstock.netif.tap.Tap;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/** Linux in a namespace of its own, with a TAP device whose other end is a driver of ours. */
final class Host implements AutoCloseable {

  private static final String DEVICE = "tap0";

  private final String namespace;
  private final Tap tap;
  private final List<Process> started = new ArrayList<>();

  private Host(String namespace, Tap tap) {
    this.namespace = namespace;
    this.tap = tap;
  }

  /**
   * Makes one. Its congestion control is CUBIC, whatever the machine's default is.
   *
   * @param namespace a name that is free
   * @param address of its device, in a network of 24 bits
   * @throws IOException if it can't be made; the message says why
   */
  static Host create(String namespace, String address) throws IOException {
    run("ip", "netns", "add", namespace);
    Tap tap = null;
    try {
      // Every frame is a packet, so that the loss of one is the loss of one.
      tap = Tap.open(TapSettings.of(DEVICE).withNetns(namespace).withOffload(false));
      run("ip", "-n", namespace, "address", "add", address + "/24", "dev", DEVICE);
      run("ip", "-n", namespace, "link", "set", DEVICE, "up");
      String network = address.replaceAll("[0-9]+$", "0/24");
      run(
          "ip", "-n", namespace, "route", "replace", network, "dev", DEVICE, "proto", "kernel",
          "scope", "link", "src", address, "congctl", "cubic");
      return new Host(namespace, tap);
    } catch (TapException | IOException e) {
      try {
        if (tap != null) {
          tap.close();
        }
      } catch (TapException again) {
        e.addSuppressed(again);
      }
      run("ip", "netns", "delete", namespace);
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Its device, seen from this process. */
  Tap tap() {
    return tap;
  }

  /** Starts an iperf3 server. */
  void serve() throws IOException {
    started.add(inside("iperf3", "-s").redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
  }

  /**
   * Sends to an iperf3 server.
   *
   * @return bits a second that arrived there
   */
  double send(String server, int seconds) throws IOException, InterruptedException {
    Process client = inside("iperf3", "-J", "-c", server, "-t", String.valueOf(seconds)).start();
    started.add(client);
    String json = client.inputReader().lines().collect(Collectors.joining("\n"));
    client.waitFor();
    try {
      return JsonParser.parseString(json)
          .getAsJsonObject()
          .getAsJsonObject("end")
          .getAsJsonObject("sum_received")
          .get("bits_per_second")
          .getAsDouble();
    } catch (JsonSyntaxException | IllegalStateException | NullPointerException e) {
      throw new IOException("iperf3 in " + namespace + " did not measure: " + json, e);
    }
  }

  private ProcessBuilder inside(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(List.of(command));
    return new ProcessBuilder(line).redirectErrorStream(true);
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = process.inputReader().lines().collect(Collectors.joining(" "));
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + String.join(" ", command), e);
    }
  }

  @Override
  public void close() throws IOException {
    started.forEach(Process::destroyForcibly);
    try {
      tap.close();
    } catch (TapException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      run("ip", "netns", "delete", namespace);
    }
  }
}
