package org.penstock.service.iperf3;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.penstock.api.TransportAddress;
import org.penstock.service.iperf3.internal.ClientTest;
import org.penstock.tdi.Client;

/** An iperf3 client: asks a server for a test, and runs it. */
public final class Iperf3Client {

  /** One interval a second, as iperf3 has it. */
  public static final Duration SECOND = Duration.ofSeconds(1);

  private final Client client;

  /**
   * A client on a stack.
   *
   * @param client of the stack's transport
   */
  public Iperf3Client(Client client) {
    this.client = client;
  }

  /** Runs a test; as {@link #run(TransportAddress, Iperf3Settings, Duration, Consumer)}. */
  public Iperf3Report run(TransportAddress server, Iperf3Settings settings) throws Iperf3Exception {
    return run(server, settings, SECOND, interval -> {});
  }

  /**
   * Runs a test. Blocks until it is over, at passive level; an interrupt ends it early, and leaves
   * the interrupt status set.
   *
   * @param every how long an interval is
   * @param intervals is told of each interval as it ends, an entry a stream; on the calling thread
   * @throws Iperf3Exception if the server can't be reached, is busy, or ends the test; the message
   *     says which
   */
  public Iperf3Report run(
      TransportAddress server,
      Iperf3Settings settings,
      Duration every,
      Consumer<List<Iperf3Interval>> intervals)
      throws Iperf3Exception {
    return new ClientTest(client, server, settings, every, intervals).run();
  }
}
