package org.penstock.netif.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DropReason;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.packet.ChecksumVerdict;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;
import org.penstock.testkit.packet.TcpFlag;

/** What is shown to a capture is in its file, and nothing else. */
@Timeout(60)
class CaptureTest {

  private static final String SLOT = "net0";
  private static final int HEADROOM = 16;

  private final Arena arena = Arena.ofAuto();
  private final StackRuntime runtime = SystemRuntime.get();

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("trace.pcapng");
  }

  private CaptureSettings settings() {
    return CaptureSettings.of(SLOT, LinkType.ETHERNET, file());
  }

  private static byte[] frame(int number, int payload) {
    return PacketBuilder.ethernet(
            MacAddress.parse("02:00:00:00:00:0a"), MacAddress.parse("02:00:00:00:00:0b"))
        .ip(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"))
        .tcp(1000, 2000)
        .flags(TcpFlag.ACK)
        .seq(number)
        .payload(new byte[payload])
        .build();
  }

  private OutboundFrame outbound(byte[] octets) {
    return AttachedNetif.outbound(arena, octets);
  }

  private Landing landing(byte[] octets) {
    MemorySegment memory = arena.allocate(HEADROOM + octets.length);
    MemorySegment.copy(MemorySegment.ofArray(octets), 0, memory, HEADROOM, octets.length);
    Landing landing = new Landing(memory, home -> {});
    landing.describe(HEADROOM, octets.length, 0);
    return landing;
  }

  @Test
  void writesEveryFrameWithItsTimeAndDirection() throws IOException {
    long before = runtime.wallTimeNanos();
    try (Capture capture = new Capture(runtime, settings())) {
      capture.received(SLOT, 0, landing(frame(1, 3)));
      capture.sent(SLOT, 0, outbound(frame(2, 1000)));
      capture.received("net1", 0, landing(frame(3, 3)));
      capture.dropped(SLOT, 0, DropReason.NO_BUFFER, landing(frame(1, 3)));
    }
    long after = runtime.wallTimeNanos();
    PcapngFile file = PcapngFile.read(file());

    assertThat(file.interfaces()).hasSize(1);
    assertThat(file.interfaces().getFirst().get(2)).isEqualTo(SLOT.getBytes());
    assertThat(file.interfaces().getFirst().get(9)).as("nanoseconds").containsExactly(9);
    assertThat(file.packets()).hasSize(2);
    assertThat(file.packets().get(0).octets()).isEqualTo(frame(1, 3));
    assertThat(file.packets().get(0).direction()).as("in").isEqualTo(1);
    assertThat(file.packets().get(1).octets()).isEqualTo(frame(2, 1000));
    assertThat(file.packets().get(1).direction()).as("out").isEqualTo(2);
    // The wall clock ticks on its own; a second of it is no fault of the capture's.
    assertThat(file.packets())
        .allSatisfy(packet ->
            assertThat(packet.nanos()).isBetween(before - 1_000_000_000L, after + 1_000_000_000L));
    assertThat(file.packets().get(1).nanos()).isGreaterThanOrEqualTo(file.packets().get(0).nanos());
    assertThat(file.missed()).isZero();
  }

  @Test
  void computesChecksumsThatAreLeftToTheDevice() throws IOException {
    byte[] whole = frame(1, 301);
    byte[] left = whole.clone();
    int sum = pseudoHeader(whole);
    left[50] = (byte) (sum >>> 8);
    left[51] = (byte) sum;
    OutboundFrame out = outbound(left);
    out.partialChecksum(34, 16);
    Landing in = landing(left);
    in.checksum(ChecksumState.PARTIAL);
    MemorySegment untouched = in.segment().asSlice(in.offset(), in.length());
    try (Capture capture = new Capture(runtime, settings())) {
      capture.sent(SLOT, 0, out);
      capture.received(SLOT, 0, in);
    }
    for (PcapngFile.Packet packet : PcapngFile.read(file()).packets()) {
      assertThat(packet.octets()).isEqualTo(whole);
      assertThat(Packet.ethernet(packet.octets()).tcp().checksum()).isEqualTo(ChecksumVerdict.GOOD);
    }
    assertThat(untouched.mismatch(MemorySegment.ofArray(left)))
        .as("shown, not changed")
        .isEqualTo(-1);
  }

  private static int pseudoHeader(byte[] frame) {
    int sum = 6 + frame.length - 34;
    for (int i = 26; i < 34; i += 2) {
      sum += (frame[i] & 255) << 8 | frame[i + 1] & 255;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  @Test
  void cutsFramesToTheSnapLength() throws IOException {
    CaptureSettings cut =
        new CaptureSettings(
            SLOT, LinkType.ETHERNET, file(), 60, 0, 0, 0, false, CaptureSettings.DEFAULT_BUFFER);
    try (Capture capture = new Capture(runtime, cut)) {
      capture.sent(SLOT, 0, outbound(frame(1, 1000)));
    }
    PcapngFile.Packet packet = PcapngFile.read(file()).packets().getFirst();
    assertThat(packet.octets()).hasSize(60);
    assertThat(packet.length()).isEqualTo(1054);
  }

  @Test
  void commentsDropsOnAnInterfaceOfTheirOwn() throws IOException {
    CaptureSettings drops =
        new CaptureSettings(
            SLOT,
            LinkType.ETHERNET,
            file(),
            CaptureSettings.WHOLE,
            0,
            0,
            0,
            true,
            CaptureSettings.DEFAULT_BUFFER);
    try (Capture capture = new Capture(runtime, drops)) {
      capture.dropped(SLOT, 0, DropReason.NO_BUFFER, landing(frame(1, 3)));
      capture.dropped(SLOT, 0, DropReason.NO_BUFFER, null);
    }
    PcapngFile file = PcapngFile.read(file());
    assertThat(file.interfaces()).hasSize(2);
    assertThat(file.packets())
        .singleElement()
        .satisfies(packet -> {
          assertThat(packet.number()).isEqualTo(1);
          assertThat(packet.comment()).isEqualTo("dropped: NO_BUFFER");
        });
  }

  @Test
  void endsAfterItsCount() throws IOException {
    CaptureSettings three =
        new CaptureSettings(
            SLOT,
            LinkType.ETHERNET,
            file(),
            CaptureSettings.WHOLE,
            3,
            0,
            0,
            false,
            CaptureSettings.DEFAULT_BUFFER);
    try (Capture capture = new Capture(runtime, three)) {
      for (int i = 0; i < 10; i++) {
        capture.sent(SLOT, 0, outbound(frame(i, 10)));
      }
    }
    assertThat(PcapngFile.read(file()).packets()).hasSize(3);
  }

  @Test
  void keepsTheLastFilesOfARing() throws IOException {
    CaptureSettings ring =
        new CaptureSettings(
            SLOT,
            LinkType.ETHERNET,
            file(),
            CaptureSettings.WHOLE,
            0,
            10_000,
            2,
            false,
            CaptureSettings.DEFAULT_BUFFER);
    try (Capture capture = new Capture(runtime, ring)) {
      for (int i = 0; i < 100; i++) {
        capture.sent(SLOT, 0, outbound(frame(i, 1000)));
      }
      assertThat(capture.statistics().missed()).isZero();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSize(2);
    assertThat(files.getLast().getFileName()).hasToString("trace-00010.pcapng");
    PcapngFile last = PcapngFile.read(files.getLast());
    PcapngFile first = PcapngFile.read(files.getFirst());
    assertThat(first.packets()).as("whole files").hasSize(10);
    assertThat(last.packets().getLast().octets()).isEqualTo(frame(99, 1000));
  }

  @Test
  void countsWhatTheWriterCanNotFollow() throws Exception {
    Path pipe = pipe();
    Capture capture =
        new Capture(
            runtime,
            new CaptureSettings(
                SLOT,
                LinkType.ETHERNET,
                pipe,
                CaptureSettings.WHOLE,
                0,
                0,
                0,
                false,
                CaptureSettings.LEAST_BUFFER));
    // Nobody reads the pipe: the writer waits for it, the stack does not.
    for (int i = 0; i < 1000; i++) {
      capture.sent(SLOT, 0, outbound(frame(i, 1000)));
    }
    assertThat(capture.statistics().missed()).isPositive();
    assertThat(capture.statistics().frames()).isZero();
    capture.close();
    assertThat(capture.statistics().ended()).isTrue();
  }

  @Test
  void goesToWhoeverReadsThePipeAndEndsWhenHeGoes() throws Exception {
    Path pipe = pipe();
    try (Capture capture =
        new Capture(runtime, CaptureSettings.of(SLOT, LinkType.ETHERNET, pipe))) {
      try (InputStream reader = Files.newInputStream(pipe)) {
        capture.sent(SLOT, 0, outbound(frame(1, 10)));
        // The section header and the interface come at once, a frame when it is there.
        assertThat(reader.readNBytes(100)).hasSize(100);
      }
      while (!capture.statistics().ended()) {
        capture.sent(SLOT, 0, outbound(frame(2, 10)));
        Thread.onSpinWait();
      }
      assertThat(capture.statistics().failure()).isNotEmpty();
    }
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  @Test
  void saysWhyItCanNotWrite() throws InterruptedException {
    Path nowhere = folder.resolve("missing/trace.pcapng");
    try (Capture capture =
        new Capture(runtime, CaptureSettings.of(SLOT, LinkType.ETHERNET, nowhere))) {
      while (!capture.statistics().ended()) {
        Thread.onSpinWait();
      }
      assertThat(capture.statistics().failure()).contains("missing");
    }
  }

  @Test
  void refusesLimitsThatCanNotBe() {
    assertThatThrownBy(
            () -> new CaptureSettings(SLOT, LinkType.ETHERNET, file(), 60, 0, 0, 2, false, 1 << 20))
        .hasMessageContaining("ring of 2 files needs the size");
  }
}
