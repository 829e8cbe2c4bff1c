package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {
  private final MemorySegment memory = MemorySegment.ofArray(new byte[16]);

  @Test
  void standsInMemoryAsTheStandardSays() {
    VirtioNetHeader.write(
        memory, 3, VirtioNetHeader.NEEDS_CSUM, VirtioNetHeader.GSO_TCPV4, 54, 1460, 34, 16);

    assertThat(memory.toArray(JAVA_BYTE))
        .containsExactly(0, 0, 0, 1, 1, 54, 0, (byte) 0xb4, 0x05, 34, 0, 16, 0, 0, 0, 0);
  }

  @Test
  void givesBackWhatWasWritten() {
    VirtioNetHeader.write(memory, 1, 3, 0x84, 0xfffe, 0xfedc, 0x8001, 0xff00);

    assertThat(VirtioNetHeader.flags(memory, 1)).isEqualTo(3);
    assertThat(VirtioNetHeader.gsoType(memory, 1)).isEqualTo(0x84);
    assertThat(VirtioNetHeader.headerLength(memory, 1)).isEqualTo(0xfffe);
    assertThat(VirtioNetHeader.gsoSize(memory, 1)).isEqualTo(0xfedc);
    assertThat(VirtioNetHeader.csumStart(memory, 1)).isEqualTo(0x8001);
    assertThat(VirtioNetHeader.csumOffset(memory, 1)).isEqualTo(0xff00);
  }

  @Test
  void ofAPlainFrameIsAllZero() {
    memory.fill((byte) 0xff);

    VirtioNetHeader.writePlain(memory, 0);

    assertThat(memory.asSlice(0, 10).toArray(JAVA_BYTE)).containsOnly(0);
    assertThat(memory.asSlice(10).toArray(JAVA_BYTE)).containsOnly(0xff);
  }
}
