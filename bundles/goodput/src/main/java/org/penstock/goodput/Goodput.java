package org.penstock.goodput;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.penstock.api.TransportAddress;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.congestion.cubic.Cubic;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;
import org.penstock.service.iperf3.Iperf3Client;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Server;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;
import org.penstock.testkit.impairment.Wire;

/** One network, and who sends over it. */
final class Goodput {

  /** System property: what the names of the namespaces begin with. */
  private static final String NAMESPACE = "penstock.goodput.namespace";

  private static final String SENDER = "192.0.2.1";
  private static final String RECEIVER = "192.0.2.2";
  private static final Duration ONE_WAY = Duration.ofMillis(10);
  private static final long LINE = 100_000_000;

  /** What the line carries in a round trip. */
  private static final long QUEUE = LINE / 8 * 2 * ONE_WAY.toMillis() / 1000;

  private static final int TRIES = 100;
  private static final long BETWEEN_TRIES_NANOS = 50_000_000;

  private final StackRuntime runtime = SystemRuntime.get();
  private final ImpairmentConfig network;
  private final int seconds;

  /**
   * A network.
   *
   * @param loss probability of losing a frame, each way
   * @param seconds how long is sent
   */
  Goodput(double loss, int seconds) {
    this.network = ImpairmentConfig.builder().loss(loss).delay(ONE_WAY).rate(LINE, QUEUE).build();
    this.seconds = seconds;
  }

  /** The network in words. */
  @Override
  public String toString() {
    return String.format(
        "%s %% loss each way, %d ms of round-trip time, %d Mbit/s, a queue of %d bytes",
        network.loss() * 100, 2 * ONE_WAY.toMillis(), LINE / 1_000_000, QUEUE);
  }

  /**
   * The kernel sends.
   *
   * @return bits a second that arrived
   */
  double ofKernel(long seed) throws IOException, NetifException, InterruptedException {
    try (Host receiver = host("receiver", RECEIVER);
        Host sender = host("sender", SENDER);
        Wire wire = Wire.join(runtime, sender.tap(), receiver.tap(), network, network, seed)) {
      receiver.serve();
      for (int i = 0; true; i++) {
        try {
          return sender.send(RECEIVER, seconds);
        } catch (IOException e) {
          retry(i, e);
        }
      }
    }
  }

  /**
   * The stack sends.
   *
   * @return what was measured
   */
  Iperf3Report ofStack(long seed) throws IOException, NetifException {
    Cable cable = new Cable(runtime, CableOptions.named("goodput").withOffload(Offload.NONE));
    CongestionControl cubic = new Cubic();
    try (Host receiver = host("receiver", RECEIVER);
        Stack stack =
            new StackBuilder("goodput").strategy("global-lock").congestion(cubic).build();
        Transport transport = Transport.of(stack);
        Client client = transport.client("goodput");
        Wire wire = Wire.join(runtime, cable.end(1), receiver.tap(), network, network, seed)) {
      receiver.serve();
      String refused =
          stack.addSlot(SlotSettings.of("net0", SENDER + "/24")).offer(cable.end(0), 0);
      if (refused != null) {
        throw new IOException(refused);
      }
      Iperf3Client iperf3 = new Iperf3Client(client);
      TransportAddress server = TransportAddress.of(RECEIVER, Iperf3Server.PORT);
      for (int i = 0; true; i++) {
        try {
          return iperf3.run(server, Iperf3Settings.DEFAULT.withSeconds(seconds));
        } catch (Iperf3Exception e) {
          retry(i, e);
        }
      }
    }
  }

  private static Host host(String role, String address) throws IOException {
    String prefix = "penstock-goodput-" + ProcessHandle.current().pid();
    return Host.create(System.getProperty(NAMESPACE, prefix) + "-" + role, address);
  }

  /** The server takes its time to listen. */
  private static void retry(int tries, IOException e) throws IOException {
    if (tries >= TRIES || !String.valueOf(e.getMessage()).contains("refused")) {
      throw e;
    }
    LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
  }

  /** The middle of some figures. */
  static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
