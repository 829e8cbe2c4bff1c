package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.impairment.BurstLoss;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

class ImpairedStageTest {

  private static final int FRAMES = 2000;

  private static final ImpairmentConfig BAD =
      ImpairmentConfig.builder()
          .loss(0.02)
          .burstLoss(BurstLoss.bursts(0.02, 3))
          .delay(Duration.ofMillis(2))
          .jitter(Duration.ofNanos(100_000))
          .reorder(0.05, Duration.ofMillis(1))
          .duplicate(0.02, Duration.ofMillis(1))
          .corrupt(0.02)
          .rate(2_000_000_000, 100_000)
          .build();

  @Test
  void whatTheModelDecidesIsWhatArrives() throws NetifException {
    Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("wire").withQueueLength(4000));
    ImpairedStage stage = new ImpairedStage(BAD, 5);
    cable.stage(1, stage);
    try (AttachedNetif a = new AttachedNetif(cable.end(0), "a/net0", SystemRuntime.get());
        AttachedNetif b = new AttachedNetif(cable.end(1), "b/net0", SystemRuntime.get())) {
      for (int i = 0; i < FRAMES; i++) {
        a.send(datagram(i));
      }
      QueueAgent agent = b.attachment().queues().getFirst();
      b.driveUntil(() -> agent.nextDue() == Long.MAX_VALUE);

      ImpairmentModel model = stage.model();
      List<ReceivedFrame> got = b.host().frames();
      assertThat(model.frames()).isEqualTo(FRAMES);
      assertThat(got).hasSize((int) model.arrivals());
      int corrupt = 0;
      List<Integer> intact = new ArrayList<>();
      for (ReceivedFrame frame : got) {
        Packet packet = Packet.ethernet(frame.octets());
        if (packet.hasBadChecksum() || !packet.faults().isEmpty()) {
          corrupt++;
        } else {
          intact.add(packet.ip().id());
        }
      }
      Map<Impairment, Long> counts = model.counts();
      assertThat(corrupt).isEqualTo(counts.get(Impairment.CORRUPT).intValue()).isPositive();
      assertThat(intact.stream().distinct().count()).isLessThan(intact.size());
      assertThat(intact).isNotEqualTo(intact.stream().sorted().toList());
      assertThat(counts.get(Impairment.LOSS)).isPositive();
      assertThat(counts.get(Impairment.BURST_LOSS)).isPositive();
      assertThat(counts.get(Impairment.REORDER)).isPositive();
      assertThat(counts.get(Impairment.DUPLICATE)).isPositive();
    }
  }

  private static byte[] datagram(int id) {
    return PacketBuilder.ethernet(
            MacAddress.locallyAdministered(1), MacAddress.locallyAdministered(2))
        .ip(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"))
        .id(id)
        .udp(7, 9)
        .payload(new byte[400])
        .build();
  }
}
