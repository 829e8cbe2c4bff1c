package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/**
 * What wraps a NIC comes and goes by the shell's commands during a download through a TAP device,
 * and the download goes on; tshark judges what the capture says of it.
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class WrappersIT {

  private static final SeededContent CONTENT = new SeededContent(1, 24L << 20);
  private static final int ROUNDS = 4;
  private static final int PIECE = 64 * 1024;
  private static final String BAD =
      "ip.checksum.status == \"Bad\""
          + " || (tcp.checksum.status == \"Bad\" && !(tcp.checksum == 0xffff))"
          + " || _ws.malformed";

  private static TapSystem system;
  private static BundleContext framework;

  @BeforeAll
  static void start() throws Exception {
    system = TapSystem.start("wrappers", Map.of(), Map.of());
    framework = system.bundle("org.penstock.core").getBundleContext();
    CONTENT.writeTo(system.www("large"));
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  private static String shell(String line) throws Exception {
    return ShellCommands.run(framework, line);
  }

  @Test
  void downloadOutlivesABadNetworkAndTheCaptureShowsIt() throws Exception {
    long generation = system.stack().ofInterface("generation");
    Path trace = system.got("trace.pcapng");
    assertThat(shell("net:capture -s tapped net0 " + trace + " --buffer 64m")).contains("1 tapped");
    Process curl = system.start("exec curl -sS --fail http://" + STACK + "/large");
    TapSystem.limit(curl);
    ContentVerifier verifier = CONTENT.verifier();
    InputStream got = curl.getInputStream();
    for (int i = 1; i <= ROUNDS; i++) {
      shell("net:fault -s tapped net0 --loss 0.01 --delay 1ms --seed " + i);
      Eventually.await("the injector", WrappersIT::judges, WrappersIT::faults);
      read(got, verifier, i * CONTENT.length() / (ROUNDS + 1));
      assertThat(faults()).contains("loss=0.01 delay=1ms");
      // What was read made room for more, which the injector is still to see.
      Eventually.await("a loss", () -> faults().contains(" LOSS"), WrappersIT::faults);
      shell("net:fault -s tapped net0 off");
      Eventually.await("its end", () -> faults().contains("no interface"), WrappersIT::faults);
    }
    read(got, verifier, CONTENT.length());
    assertThat(got.read()).as("what follows the content").isNegative();
    assertThat(curl.waitFor()).isZero();
    verifier.checkComplete();
    String ended = shell("net:capture stop all");
    assertThat(ended).contains("ended").doesNotContain("missed");
    assertThat(system.stack().ofInterface("generation"))
        .as("the driver stayed bound")
        .isEqualTo(generation);
    assertThat(system.stack().brokenInvariants()).isEmpty();
    judge(trace);
  }

  private static void judge(Path trace) throws Exception {
    assertThat(system.sh("exec capinfos " + trace))
        .containsPattern("File type: +Wireshark.*pcapng")
        .containsPattern("Time precision = nanoseconds")
        .containsPattern("Name = net0");
    assertThat(tshark(trace, BAD)).isEmpty();
    List<String> payload = tshark(trace, "tcp.len > 0 && ip.src == " + STACK);
    assertThat(payload).hasSizeGreaterThan((int) (CONTENT.length() / 65_536));
    assertThat(tshark(trace, "tcp.analysis.retransmission"))
        .as("segments sent again because the injector lost them")
        .isNotEmpty();
    assertThat(tshark(trace, "frame.packet_flags_direction == 2")).isNotEmpty();
    assertThat(tshark(trace, "frame.packet_flags_direction == 1")).isNotEmpty();
  }

  private static boolean judges() {
    return faults().contains("tapped/net0 out: ") && !faults().contains(" out: nothing");
  }

  private static String faults() {
    try {
      return shell("net:fault");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> tshark(Path file, String filter) throws Exception {
    return system
        .sh(
            "exec tshark -n -r "
                + file
                // Content of random octets is no HTTP where a segment is missing.
                + " -d tcp.port==80,data -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE"
                + " -T fields -e frame.number -e _ws.col.Info -Y '"
                + filter
                + "'")
        .lines()
        .filter(line -> line.matches("[0-9]+\t.*"))
        .toList();
  }

  /** Reads and compares up to an offset, or to the end. */
  private static void read(InputStream from, ContentVerifier verifier, long offset)
      throws IOException {
    byte[] piece = new byte[PIECE];
    while (verifier.position() < offset) {
      int count = from.read(piece);
      if (count < 0) {
        verifier.check();
        throw new AssertionError("the download ended at " + verifier.position());
      }
      verifier.accept(piece, 0, count);
    }
  }
}
