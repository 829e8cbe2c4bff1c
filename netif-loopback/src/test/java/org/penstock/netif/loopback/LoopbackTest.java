package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.MarkedFrames;

class LoopbackTest {

  private final MarkedFrames marked = new MarkedFrames(LinkType.IP);
  private final Loopback loopback = new Loopback("lo", 65_535, 4);
  private AttachedNetif slot;

  @BeforeEach
  void attach() throws NetifException {
    slot = new AttachedNetif(loopback, "a/lo", SystemRuntime.get());
  }

  @AfterEach
  void detach() {
    slot.close();
  }

  @Test
  void returnsWhatItIsGivenWhenItsAgentWorks() {
    slot.send(marked.make(1, 60), marked.make(2, 65_535));
    assertThat(slot.host().frames()).as("transmit never delivers").isEmpty();
    assertThat(slot.work()).isEqualTo(2);
    assertThat(marked.ids(slot.host().frames())).containsExactly(1, 2);
    assertThat(loopback.statistics()).isEqualTo(new WireStatistics(2, 2, 0, 0, 0));
  }

  @Test
  void repliesSentWithinADeliveryComeBackToo() {
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] reply = {AttachedNetif.outbound(arena, marked.make(9, 100))};
      slot.host()
          .onDeliver(() -> {
            if (slot.host().frames().size() == 1) {
              assertThat(slot.port().transmit(reply, 1)).isEqualTo(1);
            }
          });
      slot.send(marked.make(1, 60));
      assertThat(slot.work()).isEqualTo(2);
    }
    assertThat(marked.ids(slot.host().frames())).containsExactly(1, 9);
  }

  @Test
  void tellsItsOwnSlotWhenThereIsRoom() {
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] batch = new OutboundFrame[6];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = AttachedNetif.outbound(arena, marked.make(i, 60));
      }
      assertThat(slot.port().transmit(batch, 6)).isEqualTo(4);
    }
    assertThat(slot.work()).isEqualTo(4);
    assertThat(slot.host().transmitReadies()).isEqualTo(1);
  }

  @Test
  void leavesChecksumsOut() {
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame frame = AttachedNetif.outbound(arena, marked.make(1, 60));
      frame.partialChecksum(20, 16);
      slot.port().transmit(new OutboundFrame[] {frame}, 1);
    }
    slot.work();
    assertThat(slot.host().frames().getFirst().checksum()).isEqualTo(ChecksumState.PARTIAL);
  }

  @Test
  void hasALinkOfItsOwn() {
    assertThat(slot.attachment().link()).isEqualTo(LinkState.UP);
    NetifCapabilities can = loopback.capabilities();
    assertThat(can.linkType()).isEqualTo(LinkType.IP);
    assertThat(can.mtu()).isEqualTo(65_535);
    assertThat(can.receiveCoalescing()).isEqualTo(65_535);
    assertThat(slot.host().links()).isEmpty();
  }

  @Test
  void saysWhatIsAllowed() {
    assertThatThrownBy(() -> new Loopback("lo", 66_000, 8))
        .hasMessage("mtu 66000 is not between 68 and 65535 bytes");
  }
}
