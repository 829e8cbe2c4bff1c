package org.penstock.testkit.impairment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.impairment.Arrival;
import org.penstock.api.netif.impairment.BurstLoss;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

class ImpairmentModelTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final IpAddress A = IpAddress.parse("192.0.2.1");
  private static final IpAddress B = IpAddress.parse("192.0.2.2");
  private static final PacketBuilder IP = PacketBuilder.ethernet(MAC, MAC).ip(A, B);
  private static final byte[] SEGMENT = IP.tcp(1, 2).payload(new byte[1446]).build();
  private static final MemorySegment FRAME = MemorySegment.ofArray(SEGMENT).asReadOnly();

  private static ImpairmentModel model(ImpairmentConfig config, long seed) {
    return new ImpairmentModel(config, LinkType.ETHERNET, seed);
  }

  private static List<List<Arrival>> run(ImpairmentModel model, int frames, long apart) {
    List<List<Arrival>> all = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      all.add(model.decide(i * apart, FRAME));
    }
    return all;
  }

  @Test
  void aPerfectNetworkDeliversAtOnce() {
    ImpairmentModel model = model(ImpairmentConfig.NONE, 1);
    for (long now = 0; now < 5000; now += 500) {
      assertThat(model.decide(now, FRAME)).containsExactly(Arrival.intact(now));
    }
    assertThat(model.counts().values()).containsOnly(0L);
    assertThat(model.frames()).isEqualTo(10);
    assertThat(model.arrivals()).isEqualTo(10);
  }

  @Test
  void theSeedDecides() {
    ImpairmentConfig config =
        ImpairmentConfig.builder()
            .loss(0.1)
            .burstLoss(BurstLoss.bursts(0.05, 4))
            .jitter(Duration.ofMillis(3))
            .reorder(0.1, Duration.ofMillis(10))
            .duplicate(0.1, Duration.ofMillis(5))
            .corrupt(0.1)
            .build();
    List<List<Arrival>> once = run(model(config, 7), 500, 1000);
    assertThat(run(model(config, 7), 500, 1000)).isEqualTo(once);
    assertThat(run(model(config, 8), 500, 1000)).isNotEqualTo(once);
  }

  @Test
  void takingOneImpairmentOutLeavesTheOthersAsTheyWere() {
    ImpairmentConfig.Builder builder = ImpairmentConfig.builder().loss(0.2);
    List<List<Arrival>> lossOnly = run(model(builder.build(), 3), 500, 1000);
    List<List<Arrival>> both = run(model(builder.corrupt(0.5).build(), 3), 500, 1000);
    for (int i = 0; i < 500; i++) {
      assertThat(both.get(i).isEmpty()).isEqualTo(lossOnly.get(i).isEmpty());
    }
  }

  @Test
  void losesItsShare() {
    ImpairmentModel model = model(ImpairmentConfig.builder().loss(0.02).build(), 1);
    run(model, 100_000, 1000);
    assertThat(model.count(Impairment.LOSS) / 100_000.0).isEqualTo(0.02, within(0.002));
    assertThat(model.frames() - model.arrivals()).isEqualTo(model.count(Impairment.LOSS));
  }

  @Test
  void losesInBurstsOfTheirMeanLength() {
    ImpairmentModel model =
        model(ImpairmentConfig.builder().burstLoss(BurstLoss.bursts(0.1, 5)).build(), 1);
    int bursts = 0;
    int lost = 0;
    boolean before = false;
    for (List<Arrival> arrivals : run(model, 200_000, 1000)) {
      boolean now = arrivals.isEmpty();
      bursts += now && !before ? 1 : 0;
      lost += now ? 1 : 0;
      before = now;
    }
    assertThat(lost / 200_000.0).isEqualTo(0.1, within(0.01));
    assertThat((double) lost / bursts).isEqualTo(5, within(0.3));
    assertThat(model.count(Impairment.BURST_LOSS)).isEqualTo(lost);
  }

  @Test
  void jitterKeepsTheOrder() {
    ImpairmentModel model =
        model(
            ImpairmentConfig.builder()
                .delay(Duration.ofMillis(10))
                .jitter(Duration.ofMillis(5))
                .build(),
            1);
    long last = 0;
    boolean varied = false;
    for (int i = 0; i < 1000; i++) {
      long now = i * 100_000L;
      long due = model.decide(now, FRAME).getFirst().dueNanos();
      assertThat(due).isBetween(Math.max(last, now + 10_000_000), now + 15_000_000L);
      varied |= due - now > 12_000_000;
      last = due;
    }
    assertThat(varied).isTrue();
    assertThat(model.count(Impairment.REORDER)).isZero();
  }

  @Test
  void countsFramesThatOvertakeOthers() {
    ImpairmentModel model =
        model(ImpairmentConfig.builder().reorder(0.1, Duration.ofMillis(10)).build(), 1);
    List<List<Arrival>> all = run(model, 1000, 1_000_000);
    long latest = 0;
    int overtaking = 0;
    for (List<Arrival> arrivals : all) {
      long due = arrivals.getFirst().dueNanos();
      overtaking += due < latest ? 1 : 0;
      latest = Math.max(latest, due);
    }
    assertThat(overtaking).isPositive();
    assertThat(model.count(Impairment.REORDER)).isEqualTo(overtaking);
  }

  @Test
  void duplicates() {
    ImpairmentModel model =
        model(ImpairmentConfig.builder().duplicate(1, Duration.ofMillis(2)).build(), 1);
    List<Arrival> arrivals = model.decide(100, FRAME);
    assertThat(arrivals).hasSize(2);
    assertThat(arrivals.get(0).dueNanos()).isEqualTo(100);
    assertThat(arrivals.get(1).dueNanos()).isBetween(100L, 2_000_100L);
    assertThat(model.count(Impairment.DUPLICATE)).isEqualTo(1);
    assertThat(model.arrivals()).isEqualTo(2);
  }

  @Test
  void aSlowLineSpacesFramesAndDropsWhatItsQueueCantHold() {
    // 1500 octets take 1 ms at 12 Mbit/s; three more fit in the queue.
    ImpairmentModel model = model(ImpairmentConfig.builder().rate(12_000_000, 3 * 1500).build(), 1);
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      model.decide(0, FRAME).forEach(arrival -> due.add(arrival.dueNanos()));
    }
    assertThat(due).containsExactly(1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L);
    assertThat(model.count(Impairment.QUEUE_FULL)).isEqualTo(4);
    assertThat(model.count(Impairment.QUEUED)).isEqualTo(3);
    assertThat(model.decide(10_000_000, FRAME).getFirst().dueNanos()).isEqualTo(11_000_000);
  }

  @Test
  void marksWhatCanBeMarkedWhileTheQueueIsLong() {
    IpAddress six = IpAddress.parse("2001:db8::1");
    ImpairmentConfig slow =
        ImpairmentConfig.builder().rate(12_000_000, 100_000).mark(1600).corrupt(1).build();
    for (PacketBuilder ip : List.of(IP, PacketBuilder.ethernet(MAC, MAC).ip(six, six))) {
      ImpairmentModel model = model(slow, 1);
      byte[] capable = ip.trafficClass(2).tcp(1, 2).payload(new byte[1400]).build();
      byte[] other = ip.trafficClass(0).tcp(1, 2).payload(new byte[1400]).build();
      List<Boolean> marks = new ArrayList<>();
      for (byte[] frame : List.of(capable, other, capable, other, capable)) {
        Arrival arrival = model.decide(0, MemorySegment.ofArray(frame)).getFirst();
        marks.add(arrival.marked());
        byte[] copy = frame.clone();
        new Arrival(0, arrival.marked(), Arrival.INTACT)
            .change(LinkType.ETHERNET, MemorySegment.ofArray(copy));
        Packet got = Packet.ethernet(copy);
        assertThat(got.hasBadChecksum()).isFalse();
        assertThat(got.ip().trafficClass())
            .isEqualTo(arrival.marked() ? 3 : frame == other ? 0 : 2);
        // The mark stands in front of the line that corrupts: what is flipped is found.
        byte[] flipped = frame.clone();
        arrival.change(LinkType.ETHERNET, MemorySegment.ofArray(flipped));
        Packet bad = Packet.ethernet(flipped);
        assertThat(bad.hasBadChecksum() || !bad.faults().isEmpty()).isTrue();
      }
      assertThat(marks).containsExactly(false, false, true, false, true);
      assertThat(model.count(Impairment.MARKED)).isEqualTo(2);
    }
  }

  @Test
  void nothingPassesWhileItIsDown() {
    ImpairmentConfig up = ImpairmentConfig.builder().delay(Duration.ofMillis(1)).build();
    ImpairmentModel model = model(up, 1);
    assertThat(model.decide(0, FRAME)).hasSize(1);
    model.config(up.toBuilder().down(true).build());
    assertThat(model.config().failure()).isEqualTo(1);
    assertThat(model.decide(1, FRAME)).isEmpty();
    model.config(model.config().toBuilder().down(false).build());
    assertThat(model.config()).isEqualTo(up);
    assertThat(model.decide(2, FRAME)).containsExactly(Arrival.intact(1_000_002));
    assertThat(model.count(Impairment.DOWN)).isEqualTo(1);
  }

  @Test
  void failureIsTheShareThatDoesNotArriveIntact() {
    ImpairmentConfig config =
        ImpairmentConfig.builder()
            .loss(0.1)
            .burstLoss(BurstLoss.bursts(0.1, 4))
            .corrupt(0.05)
            .build();
    ImpairmentModel model = model(config, 3);
    long intact = 0;
    for (List<Arrival> arrivals : run(model, 100_000, 1000)) {
      intact += arrivals.stream().filter(arrival -> !arrival.isChanged()).count();
    }
    assertThat(config.failure()).isEqualTo(1 - intact / 100_000.0, within(0.01));
    assertThat(ImpairmentConfig.NONE.failure()).isZero();
  }

  @Test
  void lossTellsNothingAboutTheOtherImpairments() {
    ImpairmentConfig config =
        ImpairmentConfig.builder().loss(0.5).duplicate(0.5, Duration.ZERO).corrupt(0.5).build();
    List<List<Arrival>> all = run(model(config, 9), 20_000, 1000);
    for (int later = 1; later < 12; later++) {
      int lostThen = 0;
      int arrived = 0;
      int twiceAndLostThen = 0;
      int twice = 0;
      for (int i = later; i < all.size(); i++) {
        List<Arrival> before = all.get(i - later);
        int lost = all.get(i).isEmpty() ? 1 : 0;
        if (!before.isEmpty()) {
          arrived++;
          lostThen += lost;
        }
        if (before.size() == 2) {
          twice++;
          twiceAndLostThen += lost;
        }
      }
      assertThat((double) lostThen / arrived).isEqualTo(0.5, within(0.03));
      assertThat((double) twiceAndLostThen / twice).isEqualTo(0.5, within(0.03));
    }
  }

  @Test
  void dropsWhatIsLongerThanTheMtu() {
    ImpairmentModel model = model(ImpairmentConfig.builder().mtu(1485).build(), 1);
    assertThat(model.decide(0, FRAME)).isEmpty();
    assertThat(model.decide(0, FRAME.asSlice(0, 1485 + 14))).hasSize(1);
    assertThat(model.count(Impairment.MTU)).isEqualTo(1);
  }

  @Test
  void corruptsOneBitThatAChecksumCatches() {
    IpAddress six = IpAddress.parse("2001:db8::1");
    PacketBuilder ip6 = PacketBuilder.ethernet(MAC, MAC).ip(six, six);
    byte[][] frames = {
      SEGMENT,
      IP.tcp(1, 2).build(),
      IP.udp(5, 6).payload(new byte[10]).build(),
      IP.udp(5, 6).payload(new byte[10]).noUdpChecksum().build(),
      IP.echoRequest(1, 2).payload(new byte[56]).build(),
      IP.protocol(99).payload(new byte[30]).build(),
      ip6.tcp(1, 2).payload(new byte[30]).build(),
      ip6.udp(1, 2).payload(new byte[30]).build(),
    };
    ImpairmentModel model = model(ImpairmentConfig.builder().corrupt(1).build(), 1);
    long corrupted = 0;
    for (byte[] frame : frames) {
      for (int i = 0; i < 3000; i++) {
        // What pads a short frame is not part of the packet.
        byte[] padded = java.util.Arrays.copyOf(frame, Math.max(60, frame.length + 4));
        Arrival arrival = model.decide(i, MemorySegment.ofArray(padded)).getFirst();
        assertThat(arrival.isCorrupt()).isTrue();
        byte[] copy = padded.clone();
        arrival.change(LinkType.ETHERNET, MemorySegment.ofArray(copy));
        assertThat(java.util.Arrays.mismatch(padded, copy)).isBetween(14, frame.length - 1);
        Packet got = Packet.ethernet(copy);
        assertThat(got.hasBadChecksum() || !got.faults().isEmpty())
            .as("detectable: bit %d of %s", arrival.flippedBit(), got)
            .isTrue();
        corrupted++;
      }
    }
    assertThat(model.count(Impairment.CORRUPT)).isEqualTo(corrupted);
  }

  @Test
  void neverCorruptsWhatNoChecksumCovers() {
    ImpairmentModel model = model(ImpairmentConfig.builder().corrupt(1).build(), 1);
    IpAddress six = IpAddress.parse("2001:db8::1");
    byte[][] frames = {
      PacketBuilder.arpRequest(MAC, A, B),
      PacketBuilder.ethernet(MAC, MAC).ip(six, six).protocol(99).payload(new byte[9]).build(),
      new byte[60],
      new byte[5],
      new byte[0],
    };
    for (byte[] frame : frames) {
      assertThat(model.decide(0, MemorySegment.ofArray(frame))).containsExactly(Arrival.intact(0));
    }
    assertThat(model.count(Impairment.CORRUPT)).isZero();
  }

  @Test
  void saysWhatIsAllowed() {
    assertThatThrownBy(() -> ImpairmentConfig.builder().loss(1.5).build())
        .hasMessage("loss 1.5 is not between 0 and 1");
    assertThatThrownBy(() -> ImpairmentConfig.builder().corrupt(Double.NaN).build())
        .hasMessage("corrupt NaN is not between 0 and 1");
    assertThatThrownBy(() -> ImpairmentConfig.builder().delay(Duration.ofNanos(-1)).build())
        .hasMessage("delayNanos -1 is negative");
    assertThatThrownBy(() -> BurstLoss.bursts(1, 3)).hasMessageContaining("a share of 1.0");
  }
}
