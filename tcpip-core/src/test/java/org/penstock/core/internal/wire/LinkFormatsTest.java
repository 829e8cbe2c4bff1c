package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.view.DropReason;

/** Ethernet (RFC 894) and ARP (RFC 826). */
class LinkFormatsTest {
  private static final String ARP_REQUEST =
      "ffffffffffff 020000000001 0806"
          + "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202";

  @Test
  void readsARequest() {
    MemorySegment frame = Samples.hex(ARP_REQUEST);
    assertThat(EthernetFrame.check(frame, 0, 42)).isNull();
    assertThat(EthernetFrame.destination(frame, 0)).isEqualTo(EthernetFrame.BROADCAST);
    assertThat(EthernetFrame.isGroup(EthernetFrame.destination(frame, 0))).isTrue();
    assertThat(EthernetFrame.source(frame, 0)).isEqualTo(0x0200_0000_0001L);
    assertThat(EthernetFrame.isGroup(EthernetFrame.source(frame, 0))).isFalse();
    assertThat(EthernetFrame.type(frame, 0)).isEqualTo(EtherType.ARP);
    assertThat(ArpPacket.check(frame, 14, 28)).isNull();
    assertThat(ArpPacket.parse(frame, 14, 28))
        .isEqualTo(
            new ArpPacket(
                ArpPacket.REQUEST,
                MacAddress.parse("02:00:00:00:00:01"),
                IpAddress.parse("192.0.2.1"),
                MacAddress.ZERO,
                IpAddress.parse("192.0.2.2")));
  }

  @Test
  void writesWhatItReads() {
    MemorySegment frame = Samples.hex(ARP_REQUEST);
    MemorySegment copy = Samples.zeros(42);
    assertThat(EthernetFrame.parse(frame, 0, 42).writeTo(copy, 0)).isEqualTo(14);
    assertThat(ArpPacket.parse(frame, 14, 28).writeTo(copy, 14)).isEqualTo(28);
    assertThat(copy.mismatch(frame)).isEqualTo(-1);
  }

  @Test
  void goesRound() {
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int offset = random.nextInt(8);
      MemorySegment segment = Samples.zeros(offset + 42);
      EthernetFrame frame = Samples.ethernet(random);
      ArpPacket packet = Samples.arp(random);
      frame.writeTo(segment, offset);
      packet.writeTo(segment, offset + 14);
      assertThat(EthernetFrame.parse(segment, offset, 42)).as("seed %d", seed).isEqualTo(frame);
      assertThat(ArpPacket.parse(segment, offset + 14, 28)).as("seed %d", seed).isEqualTo(packet);
    }
  }

  @Test
  void dropsAShortFrame() {
    assertThat(EthernetFrame.check(Samples.zeros(13), 0, 13))
        .isEqualTo(DropReason.MALFORMED_ETHERNET);
    assertThat(EthernetFrame.check(Samples.zeros(0), 0, 0))
        .isEqualTo(DropReason.MALFORMED_ETHERNET);
  }

  @Test
  void dropsAFrameFromAGroup() {
    MemorySegment frame = Samples.hex("020000000002 010000000001 0800");
    assertThat(EthernetFrame.check(frame, 0, 14)).isEqualTo(DropReason.BAD_SOURCE_ADDRESS);
  }

  @Test
  void dropsArpThatIsNotForIpv4OverEthernet() {
    assertThat(ArpPacket.check(Samples.hex(ARP_REQUEST), 14, 27))
        .isEqualTo(DropReason.MALFORMED_ARP);
    // Hardware type, protocol type, both lengths, operation.
    for (int at : new int[] {1, 2, 4, 5, 7}) {
      MemorySegment changed = Samples.hex(ARP_REQUEST);
      Fields.put8(changed, 14 + at, 99);
      assertThat(ArpPacket.check(changed, 14, 28))
          .as("byte %d", at)
          .isEqualTo(DropReason.MALFORMED_ARP);
    }
  }

  @Test
  void neverBelievesThatAStationHasAGroupAddress() {
    MemorySegment frame = Samples.hex(ARP_REQUEST);
    Fields.put48(frame, 14 + 8, EthernetFrame.BROADCAST);
    assertThat(ArpPacket.check(frame, 14, 28)).isEqualTo(DropReason.BAD_SOURCE_ADDRESS);
  }

  @Test
  void namesWhatItRefuses() {
    MacAddress mac = MacAddress.ZERO;
    IpAddress any = IpAddress.ANY_IPV4;
    IpAddress ipv6 = IpAddress.parse("2001:db8::1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EthernetFrame.parse(Samples.hex("0102"), 0, 2))
        .withMessage("MALFORMED_ETHERNET in 2 bytes: 0102");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EthernetFrame(mac, mac, 65_536))
        .withMessage("Ethernet type 65536 is not in 0..65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ArpPacket(3, mac, any, mac, any))
        .withMessageContaining("operation 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ArpPacket(1, mac, ipv6, mac, any))
        .withMessageContaining("2001:db8::1");
  }
}
