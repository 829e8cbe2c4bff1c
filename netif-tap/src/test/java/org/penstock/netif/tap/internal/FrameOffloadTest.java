package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;

class FrameOffloadTest {
  private final MemorySegment memory = MemorySegment.ofArray(new byte[2000]);
  private final Landing landing = new Landing(memory, home -> {});

  private boolean describe(int read) {
    return FrameOffload.describe(landing, read, VirtioNetHeader.BYTES, 14, true, 3);
  }

  @Test
  void describesAnOrdinaryFrame() {
    assertThat(describe(70)).isTrue();

    assertThat(landing.offset()).isEqualTo(10);
    assertThat(landing.length()).isEqualTo(60);
    assertThat(landing.queue()).isEqualTo(3);
    assertThat(landing.checksum()).isEqualTo(ChecksumState.UNVERIFIED);
    assertThat(landing.gsoType()).isEqualTo(GsoType.NONE);
  }

  @Test
  void describesTheChecksum() {
    VirtioNetHeader.write(memory, 0, VirtioNetHeader.NEEDS_CSUM, 0, 0, 0, 34, 16);
    describe(70);
    assertThat(landing.checksum()).isEqualTo(ChecksumState.PARTIAL);

    VirtioNetHeader.write(memory, 0, VirtioNetHeader.DATA_VALID, 0, 0, 0, 0, 0);
    describe(70);
    assertThat(landing.checksum()).isEqualTo(ChecksumState.VALID);

    FrameOffload.describe(landing, 70, VirtioNetHeader.BYTES, 14, false, 0);
    assertThat(landing.checksum()).as("without offload").isEqualTo(ChecksumState.UNVERIFIED);
  }

  @ParameterizedTest
  @CsvSource({"1,TCP_IPV4,34,66", "0x81,TCP_IPV4,34,66", "4,TCP_IPV6,54,86", "5,UDP,34,42"})
  void describesSuperFramesWithTheHeadersTheyReallyHave(
      String type, GsoType expected, int transport, int headers) {
    // The kernel's hdr_len of 128 is a hint that counts payload too; the data offset says 32 bytes.
    VirtioNetHeader.write(
        memory, 0, VirtioNetHeader.NEEDS_CSUM, Integer.decode(type), 128, 1448, transport, 16);
    memory.set(JAVA_BYTE, 10 + transport + 12, (byte) 0x85);

    assertThat(describe(1900)).isTrue();
    assertThat(landing.gsoType()).isEqualTo(expected);
    assertThat(landing.gsoSize()).isEqualTo(1448);
    assertThat(landing.headerLength()).isEqualTo(headers);
  }

  @Test
  void takesNoHeaderFromBeyondTheFrame() {
    VirtioNetHeader.write(memory, 0, VirtioNetHeader.NEEDS_CSUM, 1, 54, 1448, 65_000, 16);

    assertThat(describe(1900)).isTrue();
    assertThat(landing.headerLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 23, 1995, 2000})
  void refusesWhatIsNoWholeFrame(int read) {
    assertThat(describe(read)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 1994})
  void takesTheShortestAndTheLongest(int read) {
    assertThat(describe(read)).isTrue();
  }

  @Test
  void aFrameWithoutALinkHeaderMayBeAnyLengthButZero() {
    assertThat(FrameOffload.describe(landing, 10, VirtioNetHeader.BYTES, 0, true, 0)).isFalse();
    assertThat(FrameOffload.describe(landing, 11, VirtioNetHeader.BYTES, 0, true, 0)).isTrue();
    assertThat(landing.length()).isEqualTo(1);
  }

  @Test
  void writesWhatIsLeftToTheDevice() {
    var frame = new OutboundFrame();
    frame.add(memory, 0, 1500);
    frame.partialChecksum(34, 16);
    frame.gso(GsoType.TCP_IPV4, 1460, 54);

    FrameOffload.write(frame, memory);

    assertThat(VirtioNetHeader.flags(memory, 0)).isEqualTo(VirtioNetHeader.NEEDS_CSUM);
    assertThat(VirtioNetHeader.gsoType(memory, 0)).isEqualTo(VirtioNetHeader.GSO_TCPV4);
    assertThat(VirtioNetHeader.headerLength(memory, 0)).isEqualTo(54);
    assertThat(VirtioNetHeader.gsoSize(memory, 0)).isEqualTo(1460);
    assertThat(VirtioNetHeader.csumStart(memory, 0)).isEqualTo(34);
    assertThat(VirtioNetHeader.csumOffset(memory, 0)).isEqualTo(16);

    frame.clear();
    FrameOffload.write(frame, memory);
    assertThat(memory.asSlice(0, VirtioNetHeader.BYTES).toArray(JAVA_BYTE)).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({"NONE,0", "TCP_IPV4,1", "TCP_IPV6,4", "UDP,5"})
  void namesTheKindsOfSuperFramesAsVirtioDoes(GsoType type, int expected) {
    var frame = new OutboundFrame();
    frame.gso(type, 1000, 54);

    FrameOffload.write(frame, memory);

    assertThat(VirtioNetHeader.gsoType(memory, 0)).isEqualTo(expected);
  }
}
