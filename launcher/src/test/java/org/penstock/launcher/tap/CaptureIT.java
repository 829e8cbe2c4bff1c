package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.DEVICE;
import static org.penstock.launcher.tap.TapSystem.STACK;
import static org.penstock.launcher.tap.TapSystem.sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/**
 * What tshark, an independent reader, finds in a capture of every frame of a download, an upload, a
 * ping and a datagram: nothing; and in the same capture with one bit flipped: that frame.
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class CaptureIT {

  /**
   * Without what Linux itself sends: where it computes a TCP checksum of zero in software it writes
   * the other zero of ones' complement, as UDP must (one segment in 65,536), and tshark calls
   * 0xffff bad (RFC 1624 §3). From the stack it would be a fault.
   */
  private static final String BAD_CHECKSUM =
      "ip.checksum.status == \"Bad\""
          + " || (tcp.checksum.status == \"Bad\""
          + (" && !(tcp.checksum == 0xffff && ip.dst == " + STACK + "))")
          + " || udp.checksum.status == \"Bad\" || icmp.checksum.status == \"Bad\"";

  private static final String SENT_AGAIN =
      "tcp.analysis.retransmission || tcp.analysis.fast_retransmission"
          + " || tcp.analysis.spurious_retransmission || tcp.analysis.out_of_order"
          + " || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment";
  private static final SeededContent CONTENT = new SeededContent(1, 8L << 20);
  private static final int HEADERS = 14 + 20 + 8;
  private static final int ETHERNET_FRAME = 1514;
  private static final int MARK = 777;

  private static TapSystem system;
  private static Path capture;

  /** One capture for all tests. */
  @BeforeAll
  static void capture() throws Exception {
    // A machine that stands still for a moment is no loss: both ends get timers to outlast it, and
    // Linux sends no tail loss probes, whose timeout does not follow the least of retransmission.
    system =
        TapSystem.start(
            "capture", Map.of("minimum.rto.millis", "10000"), Map.of("offload", "false"));
    system.sh(
        "ip route change 198.51.100.0/24 dev "
            + DEVICE
            + " rto_min 10s && ethtool -K "
            + DEVICE
            + " tx off rx off tso off gso off gro off"
            + " && echo 0 >/proc/sys/net/ipv4/tcp_early_retrans");
    CONTENT.writeTo(system.www("large"));
    capture = system.got("capture.pcap");
    // The buffer, in KiB, holds everything, so that nothing is lost however slow the disk is.
    Process tcpdump =
        system.start(
            "exec tcpdump -i "
                + DEVICE
                + " -n -s 0 -B 65536 --immediate-mode -U -Z root -w "
                + capture);
    TapSystem.limit(tcpdump);
    var said = tcpdump.inputReader();
    String line = said.readLine();
    while (line != null && !line.contains("listening on")) {
      line = said.readLine();
    }
    assertThat(line).as("what tcpdump says when it is ready").isNotNull();

    makeTraffic();
    // The request and its answer are the last frames; when they are there, all are.
    system.sh("ping -q -c 1 -s " + MARK + " " + STACK);
    Eventually.await("the last frame", () -> marks() == 2, CaptureIT::marks);
    tcpdump.toHandle().destroy();
    assertThat(said.lines()).contains("0 packets dropped by kernel");
    assertThat(tcpdump.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void makeTraffic() throws Exception {
    system.sh("curl -sS --fail -o " + system.got("large") + " http://" + STACK + "/large");
    assertThat(sha256(system.got("large"))).isEqualTo(CONTENT.sha256());
    system.sh("ncat " + STACK + " 9 <" + system.www("large"));
    system.sh("ping -q -c 3 -i 0.01 -s 1401 " + STACK);
    Process ncat = system.start("exec ncat -u " + STACK + " 7");
    TapSystem.limit(ncat);
    Writer input = ncat.outputWriter();
    input.write("datagram\n");
    input.flush();
    assertThat(ncat.inputReader().readLine()).isEqualTo("datagram");
    ncat.destroyForcibly();
  }

  private static long marks() {
    try {
      return PcapFile.read(capture).framesOf(HEADERS + MARK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  @Test
  void everythingIsInTheCaptureAndChecked() throws Exception {
    assertThat(tshark(capture, "tcp.checksum.status == \"Good\" && ip.src == " + STACK))
        .hasSizeGreaterThan((int) (CONTENT.length() / ETHERNET_FRAME));
    assertThat(tshark(capture, "tcp.checksum.status == \"Good\" && ip.dst == " + STACK))
        .hasSizeGreaterThan((int) (CONTENT.length() / ETHERNET_FRAME));
    assertThat(tshark(capture, "udp.checksum.status == \"Good\" && ip.src == " + STACK)).hasSize(1);
    assertThat(tshark(capture, "icmp.checksum.status == \"Good\" && ip.src == " + STACK))
        .hasSize(3 + 1);
    assertThat(tshark(capture, "ip.checksum.status != \"Good\"")).isEmpty();
    assertThat(PcapFile.read(capture).frames().stream().mapToInt(PcapFile.Frame::length).max())
        .hasValue(ETHERNET_FRAME);
  }

  @Test
  void noFrameIsMalformed() throws Exception {
    assertThat(tshark(capture, "_ws.malformed || _ws.expert.severity == \"Error\"")).isEmpty();
  }

  @Test
  void noChecksumIsBad() throws Exception {
    assertThat(tshark(capture, BAD_CHECKSUM)).isEmpty();
  }

  @Test
  void nothingIsSentAgainWithoutLoss() throws Exception {
    assertThat(tshark(capture, SENT_AGAIN)).isEmpty();
  }

  /**
   * The proof that these commands would have seen it.
   *
   * @param length of the frame to corrupt
   * @param offset of the octet of which a bit is flipped
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "IP time to live, 1514, 22",
    "TCP data,        1514, 1000",
    "UDP data,          51, 45",
    "ICMP data,       1443, 500"
  })
  void corruptedFrameIsFound(String what, int length, int offset) throws Exception {
    Path copy = system.got("corrupted-" + length + "-" + offset + ".pcap");
    int frame =
        PcapFile.read(capture)
            .writeCorrupted(copy, candidate -> candidate.length() == length, offset);

    assertThat(tshark(copy, BAD_CHECKSUM)).singleElement().asString().startsWith(frame + "\t");
  }

  /** The frames that a display filter finds, one line each. */
  private static List<String> tshark(Path file, String filter) throws Exception {
    return system
        .sh(
            "exec tshark -n -r "
                + file
                + " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE"
                + " -o udp.check_checksum:TRUE -T fields -e frame.number -e _ws.col.Info -Y '"
                + filter
                + "'")
        .lines()
        .filter(line -> line.matches("[0-9]+\t.*"))
        .toList();
  }
}
