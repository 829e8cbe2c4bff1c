package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.penstock.launcher.oracle.TappedStack.KERNEL;
import static org.penstock.launcher.oracle.TappedStack.STACK;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.netif.impairment.BurstLoss;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.view.Counter;
import org.penstock.core.api.EcnUse;
import org.penstock.launcher.Distribution;
import org.penstock.service.echo.EchoServer;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;
import org.penstock.testkit.SeededContent;

/**
 * Linux's TCP and ours over a bad wire, each in both roles: every byte comes back from an echo,
 * once and in order, whatever the network does and whichever options Linux has, and tshark finds
 * nothing in what we send that we should not have sent.
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(180)
class BadNetworkIT {

  private static final int PORT = 7;
  private static final int RECEIVER = 7001;
  private static final int SENDER = 7002;
  private static final int AT_A_TIME = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PIECE = 64 * 1024;
  private static final Duration LITTLE = Duration.ofMillis(2);

  /** What no sender may do, however bad the network. */
  private static final String FAULT =
      "_ws.malformed || _ws.expert.severity == \"Error\" || ip.checksum.status == \"Bad\""
          + " || tcp.checksum.status == \"Bad\" || tcp.analysis.lost_segment"
          + " || tcp.analysis.ack_lost_segment";

  private static final ImpairmentConfig LOSSY =
      ImpairmentConfig.builder().delay(LITTLE).loss(0.03).build();

  /** A slow line whose queue marks long before it is full. */
  private static final ImpairmentConfig MARKING =
      ImpairmentConfig.builder().delay(LITTLE).rate(10_000_000, 300_000).mark(12_000).build();

  @BeforeAll
  static void requireTools() {
    Prerequisites.requireTool("ncat", "ncat");
    Prerequisites.requireTool("tshark", "tshark");
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("loss", LOSSY, Impairment.LOSS),
        Arguments.of(
            "bursts of loss",
            ImpairmentConfig.builder().delay(LITTLE).burstLoss(BurstLoss.bursts(0.02, 3)).build(),
            Impairment.BURST_LOSS),
        Arguments.of(
            "reordering and duplicates",
            ImpairmentConfig.builder()
                .delay(LITTLE)
                .reorder(0.05, Duration.ofMillis(5))
                .duplicate(0.05, Duration.ofMillis(5))
                .build(),
            Impairment.DUPLICATE),
        Arguments.of(
            "corruption",
            ImpairmentConfig.builder().delay(LITTLE).corrupt(0.02).build(),
            Impairment.CORRUPT),
        Arguments.of(
            "everything, on a slow line",
            ImpairmentConfig.builder()
                .delay(LITTLE)
                .jitter(LITTLE)
                .loss(0.01)
                .reorder(0.02, Duration.ofMillis(5))
                .duplicate(0.02, Duration.ofMillis(5))
                .corrupt(0.01)
                .rate(20_000_000, 60_000)
                .build(),
            Impairment.LOSS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void everyByteArrivesInBothRoles(String name, ImpairmentConfig config, Impairment happens)
      throws Exception {
    SeededContent content = new SeededContent(name.hashCode(), 256 * 1024);
    Path folder = Distribution.emptied("oracle/" + name.replaceAll("[^a-z]+", "-"));
    try (PcapRecorder capture = new PcapRecorder(folder.resolve("capture.pcap"))) {
      try (TappedStack system = TappedStack.impaired(config, name.hashCode(), capture)) {
        openedByLinux(system, content, folder);
        openedToLinux(system, content, folder);
        assertThat(system.wire().count(0, happens)).as("%s of what we sent", happens).isPositive();
        assertThat(system.wire().count(1, happens)).as("%s of what came", happens).isPositive();
      }
      capture.close();
      assertThat(faults(capture.file())).isEmpty();
    }
  }

  /**
   * Linux's options.
   *
   * @param timestamps RFC 7323 §3
   * @param sack RFC 2018
   * @param scaling RFC 7323 §2
   * @param ecn RFC 3168
   */
  private record Options(boolean timestamps, boolean sack, boolean scaling, boolean ecn) {

    static List<Options> all() {
      return IntStream.range(0, 16)
          .mapToObj(bits ->
              new Options((bits & 8) != 0, (bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0))
          .toList();
    }

    void set(TappedStack system) {
      system.set("tcp_timestamps", timestamps ? 1 : 0);
      system.set("tcp_sack", sack ? 1 : 0);
      system.set("tcp_window_scaling", scaling ? 1 : 0);
      system.set("tcp_ecn", ecn ? 1 : 0);
      // A SYN that the wire has lost asks again (RFC 3168 §6.1.1.1 would have it ask no more).
      system.set("tcp_ecn_fallback", 0);
    }

    /** What Linux's SYN shows in fact: the kinds of its options, and whether ECE is set. */
    static Options offered(Path capture) throws Exception {
      String syn =
          tshark(
                  capture,
                  "ip.src == " + KERNEL + " && tcp.flags.syn == 1 && tcp.flags.ack == 0",
                  "tcp.option_kind",
                  "tcp.flags.ece")
              .getFirst();
      List<String> kinds = List.of(syn.replaceAll("\t.*", "").split(","));
      return new Options(
          kinds.contains("8"), kinds.contains("4"), kinds.contains("3"), syn.endsWith("\t1"));
    }
  }

  /** All sixteen side by side: they wait for timers most of the time. */
  @Test
  void everyCombinationOfLinuxsOptionsWorks() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Executable> outcomes =
          Options.all().stream()
              .map(options -> threads.submit(() -> withOptions(options)))
              .<Executable>map(future -> future::get)
              .toList();
      assertAll(outcomes);
    }
  }

  private static Options withOptions(Options options) throws Exception {
    SeededContent content = new SeededContent(1, 64 * 1024);
    Path folder = Distribution.emptied("oracle/options-" + Options.all().indexOf(options));
    try (PcapRecorder capture = new PcapRecorder(folder.resolve("capture.pcap"))) {
      try (TappedStack system = TappedStack.impaired(LOSSY, options.hashCode(), capture)) {
        options.set(system);
        openedByLinux(system, content, folder);
        openedToLinux(system, content, folder);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("with " + options, e);
      }
      capture.close();
      assertThat(faults(capture.file())).as("with %s", options).isEmpty();
      assertThat(Options.offered(capture.file())).isEqualTo(options);
    }
    return options;
  }

  /** RFC 3168 §6.1, both ways: we ask, Linux grants, and routers mark instead of dropping. */
  @Test
  void marksAreEchoedAndAnsweredInBothDirections() throws Exception {
    SeededContent content = new SeededContent(5, 2 << 20);
    Path folder = Distribution.emptied("oracle/marks");
    try (PcapRecorder capture = new PcapRecorder(folder.resolve("capture.pcap"))) {
      try (TappedStack system = TappedStack.impaired(MARKING, 5, capture, EcnUse.ON)) {
        system.set("tcp_ecn", 1);
        content.writeTo(folder.resolve("said"));
        openedToLinux(system, content, folder);
        assertThat(system.wire().count(0, Impairment.MARKED)).as("marks on ours").isPositive();
        assertThat(system.wire().count(1, Impairment.MARKED)).as("marks on Linux's").isPositive();
        Map<Counter, Long> counters = system.view().counters();
        assertThat(counters.get(Counter.TCP_OUT_ECT)).isPositive();
        assertThat(counters.get(Counter.TCP_IN_ECE)).isPositive();
        assertThat(counters.get(Counter.TCP_ECN_REDUCTIONS)).isPositive();
        assertThat(counters.get(Counter.TCP_IN_CE)).isPositive();
      }
      capture.close();
      Path seen = capture.file();
      assertThat(faults(seen)).isEmpty();
      String syn = " && tcp.flags.syn == 1";
      String text = " && tcp.flags.syn == 0 && tcp.len > 0";
      assertThat(from(STACK, seen, "tcp.flags.ece == 1 && tcp.flags.cwr == 1" + syn)).isNotEmpty();
      assertThat(from(KERNEL, seen, "tcp.flags.ece == 1 && tcp.flags.cwr == 0" + syn)).isNotEmpty();
      for (String side : List.of(STACK, KERNEL)) {
        assertThat(from(side, seen, "ip.dsfield.ecn == 2" + text)).as(side).isNotEmpty();
        assertThat(from(side, seen, "tcp.flags.ece == 1 && tcp.flags.syn == 0"))
            .as("echoes of %s", side)
            .isNotEmpty();
        assertThat(from(side, seen, "tcp.flags.cwr == 1" + text))
            .as("answers of %s", side)
            .isNotEmpty();
      }
      // §6.1.4, §6.1.5: neither SYNs nor pure acknowledgements nor what is sent again.
      assertThat(from(STACK, seen, "ip.dsfield.ecn != 0 && tcp.len == 0")).isEmpty();
      assertThat(from(STACK, seen, "ip.dsfield.ecn != 0 && tcp.analysis.retransmission")).isEmpty();
    }
  }

  @Test
  void whereLinuxGrantsNoEcnNothingIsMarked() throws Exception {
    SeededContent content = new SeededContent(6, 256 * 1024);
    Path folder = Distribution.emptied("oracle/no-marks");
    try (PcapRecorder capture = new PcapRecorder(folder.resolve("capture.pcap"))) {
      try (TappedStack system = TappedStack.impaired(MARKING, 6, capture, EcnUse.ON)) {
        system.set("tcp_ecn", 0);
        content.writeTo(folder.resolve("said"));
        openedToLinux(system, content, folder);
        assertThat(system.wire().count(0, Impairment.MARKED)).isZero();
        assertThat(system.wire().count(1, Impairment.MARKED)).isZero();
        assertThat(system.view().counters())
            .containsEntry(Counter.TCP_OUT_ECT, 0L)
            .containsEntry(Counter.TCP_IN_ECE, 0L);
      }
      capture.close();
      assertThat(from(STACK, capture.file(), "tcp.flags.ece == 1 && tcp.flags.syn == 1"))
          .isNotEmpty();
      assertThat(from(STACK, capture.file(), "ip.dsfield.ecn != 0")).isEmpty();
    }
  }

  private static List<String> from(String side, Path capture, String filter) throws Exception {
    return tshark(capture, "tcp && ip.src == " + side + " && " + filter);
  }

  /** Linux is the client of our echo. */
  private static void openedByLinux(TappedStack system, SeededContent content, Path folder)
      throws Exception {
    Path said = folder.resolve("said");
    Path heard = folder.resolve("heard");
    content.writeTo(said);
    try (EchoServer server =
        EchoServer.start(system.client(), TransportAddress.of("0.0.0.0", PORT))) {
      assertThat(server.connections()).isZero();
      system.sh("ncat " + STACK + " " + PORT + " <" + said + " >" + heard);
    }
    assertThat(Files.mismatch(said, heard)).as("where the echo differs").isEqualTo(-1);
  }

  /** Linux is the server: of what we send, then of what we receive. */
  private static void openedToLinux(TappedStack system, SeededContent content, Path folder)
      throws Exception {
    Path got = folder.resolve("got");
    Process receiver =
        system.linux().start("sh", "-c", "exec ncat -l --recv-only " + RECEIVER + " >" + got);
    Process sender =
        system
            .linux()
            .start(
                "sh", "-c", "exec ncat -l --send-only " + SENDER + " <" + folder.resolve("said"));
    try (ConnectionEndpoint endpoint = connect(system, RECEIVER)) {
      endpoint.send(ByteBuffer.wrap(content.octets(0, (int) content.length())), PATIENCE);
      endpoint.disconnect(Disconnect.RELEASE, PATIENCE);
      assertThat(receiver.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.mismatch(folder.resolve("said"), got)).as("where it differs").isEqualTo(-1);
    try (ConnectionEndpoint endpoint = connect(system, SENDER)) {
      ContentVerifier verifier = content.verifier();
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (endpoint.receive(piece.clear(), PATIENCE) > 0) {
        verifier.accept(piece.array(), 0, piece.position());
      }
      verifier.checkComplete();
      endpoint.disconnect(Disconnect.RELEASE, PATIENCE);
    }
    assertThat(sender.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** Connects once the server in the namespace listens. */
  private static ConnectionEndpoint connect(TappedStack system, int port) throws Exception {
    system.awaitListener(port);
    Client client = system.client();
    ConnectionEndpoint endpoint =
        client.openEndpoint(client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4), null);
    endpoint.connect(TransportAddress.of(KERNEL, port), PATIENCE);
    return endpoint;
  }

  /** What tshark holds against us. */
  private static List<String> faults(Path capture) throws Exception {
    return tshark(capture, "ip.src == " + STACK + " && (" + FAULT + ")");
  }

  /** Of each frame that a display filter finds, these fields, with a tab between. */
  private static List<String> tshark(Path capture, String filter, String... fields)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-n",
                "-r",
                capture.toString(),
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE",
                "-Y",
                filter));
    if (fields.length > 0) {
      command.addAll(List.of("-T", "fields"));
      for (String field : fields) {
        command.addAll(List.of("-e", field));
      }
    }
    Process tshark =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = tshark.inputReader().lines().toList();
    assertThat(tshark.waitFor()).as("exit code of tshark -Y '%s'", filter).isZero();
    return lines;
  }
}
