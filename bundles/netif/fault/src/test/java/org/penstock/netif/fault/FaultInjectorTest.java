package org.penstock.netif.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.WrappedNetif;
import org.penstock.testkit.packet.PacketBuilder;
import org.penstock.testkit.runtime.VirtualRuntime;

/** What an injector does to frames, in virtual time. */
class FaultInjectorTest {

  private static final long SEED = 7;
  private static final int MANY = 1000;
  private static final long MILLISECOND = 1_000_000;

  private final VirtualRuntime runtime = new VirtualRuntime(SEED);
  private final Cable cable =
      new Cable(runtime, CableOptions.named("wire").withQueueLength(1 << 16));
  private final FaultInjector injector = new FaultInjector("fault", FaultSettings.NONE);
  private final AttachedNetif near;
  private final AttachedNetif far;

  FaultInjectorTest() throws NetifException {
    near = new AttachedNetif(new WrappedNetif(cable.end(0), injector, 1), "a/net0", runtime);
    far = new AttachedNetif(cable.end(1), "b/net0", runtime);
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
    runtime.close();
  }

  private void out(ImpairmentConfig network) {
    injector.settings(
        new FaultSettings(ImpairmentConfig.NONE, network, SEED, FaultSettings.DEFAULT_MEMORY));
  }

  private void in(ImpairmentConfig network) {
    injector.settings(
        new FaultSettings(network, ImpairmentConfig.NONE, SEED, FaultSettings.DEFAULT_MEMORY));
  }

  /** A datagram whose number is its payload. */
  private static byte[] frame(int number) {
    return PacketBuilder.ethernet(
            MacAddress.parse("02:00:00:00:00:0a"), MacAddress.parse("02:00:00:00:00:0b"))
        .ip(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"))
        .udp(1000, 2000)
        .payload(("frame " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .build();
  }

  private List<byte[]> arrivedFar() {
    near.work();
    while (far.work() > 0) {
      near.work();
    }
    return far.host().takeFrames().stream().map(ReceivedFrame::octets).toList();
  }

  private List<byte[]> arrivedNear() {
    while (near.work() > 0) {
      far.work();
    }
    return near.host().takeFrames().stream().map(ReceivedFrame::octets).toList();
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      near.send(frame(i));
    }
  }

  @Test
  void doesNothingUnlessTold() {
    send(MANY);
    List<byte[]> arrived = arrivedFar();
    assertThat(arrived).hasSize(MANY);
    assertThat(arrived.get(MANY - 1)).isEqualTo(frame(MANY - 1));
    assertThat(injector.out().frames()).isEqualTo(MANY);
    assertThat(injector.out().passed()).isEqualTo(MANY);
  }

  @Test
  void losesTheShareThatIsSetEachWayByItself() {
    out(ImpairmentConfig.builder().loss(0.1).build());
    send(MANY);
    for (int i = 0; i < MANY; i++) {
      far.send(frame(i));
    }
    assertThat(arrivedNear()).hasSize(MANY);
    int arrived = arrivedFar().size();
    assertThat(arrived).isBetween(MANY * 85 / 100, MANY * 95 / 100);
    assertThat(injector.out().impairments().get(Impairment.LOSS)).isEqualTo(MANY - arrived);
    assertThat(injector.in().impairments().get(Impairment.LOSS)).isZero();
  }

  @Test
  void losesTheSameFramesOfTheSameSeed() {
    List<List<byte[]>> runs = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      injector.settings(FaultSettings.NONE);
      send(1);
      injector.settings(FaultSettings.both(ImpairmentConfig.builder().loss(0.5).build(), seed));
      arrivedFar();
      send(100);
      runs.add(arrivedFar());
    }
    assertThat(runs.get(0)).hasSizeBetween(20, 80);
    assertThat(runs.get(1))
        .usingElementComparator(java.util.Arrays::compare)
        .isEqualTo(runs.get(0));
    assertThat(runs.get(2))
        .usingElementComparator(java.util.Arrays::compare)
        .isNotEqualTo(runs.get(0));
  }

  @Test
  void holdsFramesBackForTheirDelayAndSaysWhenTheyAreDue() {
    out(ImpairmentConfig.builder().delay(Duration.ofMillis(20)).build());
    long sent = runtime.nanoTime();
    near.send(frame(1));
    assertThat(arrivedFar()).isEmpty();
    assertThat(injector.out().heldBytes()).isPositive();
    assertThat(near.attachment().queues().getLast().nextDue())
        .isBetween(sent + 20 * MILLISECOND, runtime.nanoTime() + 20 * MILLISECOND);
    runtime.advance(19 * MILLISECOND);
    assertThat(arrivedFar()).isEmpty();
    runtime.advance(2 * MILLISECOND);
    assertThat(arrivedFar()).hasSize(1);
    assertThat(injector.out().heldBytes()).isZero();
  }

  @Test
  void wakesItsAgentForAFrameThatIsHeldBack() {
    out(ImpairmentConfig.builder().delay(Duration.ofMillis(20)).build());
    QueueAgent agent = near.attachment().queues().getLast();
    boolean[] stop = new boolean[1];
    RuntimeThread thread =
        runtime.start(
            "agent",
            () -> {
              while (!stop[0]) {
                agent.work(64);
                agent.idle(StackRuntime.NEVER);
              }
            });
    runtime.advance(5 * MILLISECOND);
    near.send(frame(1));
    runtime.advance(21 * MILLISECOND);
    assertThat(arrivedFarAlone()).hasSize(1);
    stop[0] = true;
    agent.wake();
    assertThat(thread.join(runtime.nanoTime() + 1_000 * MILLISECOND)).isTrue();
  }

  @Test
  void delaysWhatArrivesAsWell() {
    in(ImpairmentConfig.builder().delay(Duration.ofMillis(20)).build());
    far.send(frame(1));
    assertThat(arrivedNear()).isEmpty();
    runtime.advance(21 * MILLISECOND);
    assertThat(arrivedNear()).singleElement().isEqualTo(frame(1));
  }

  @Test
  void repeatsFrames() {
    out(ImpairmentConfig.builder().duplicate(1, Duration.ZERO).build());
    send(10);
    assertThat(arrivedFar()).hasSize(20);
  }

  @Test
  void reordersFrames() {
    out(ImpairmentConfig.builder().reorder(0.2, Duration.ofMillis(5)).build());
    for (int i = 0; i < 100; i++) {
      near.send(frame(i));
      runtime.advance(MILLISECOND);
    }
    runtime.advance(10 * MILLISECOND);
    assertThat(arrivedFar()).hasSize(100);
    assertThat(injector.out().impairments().get(Impairment.REORDER)).isPositive();
  }

  @Test
  void corruptsFramesSoThatAChecksumTells() {
    out(ImpairmentConfig.builder().corrupt(1).build());
    send(100);
    List<byte[]> arrived = arrivedFar();
    assertThat(arrived).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(arrived.get(i)).isNotEqualTo(frame(i));
    }
  }

  @Test
  void keepsToItsRate() {
    int bytes = frame(10).length;
    // A hundred frames take a second.
    out(ImpairmentConfig.builder().rate(bytes * 8 * 100L, 1 << 20).build());
    for (int i = 10; i < 60; i++) {
      near.send(frame(i));
    }
    runtime.advance(101 * MILLISECOND);
    assertThat(arrivedFar()).hasSize(10);
    runtime.advance(400 * MILLISECOND);
    assertThat(arrivedFar()).hasSize(40);
  }

  @Test
  void changesWhileFramesAreHeldBack() {
    out(ImpairmentConfig.builder().delay(Duration.ofMillis(20)).build());
    near.send(frame(1));
    out(ImpairmentConfig.builder().loss(1).build());
    near.send(frame(2));
    runtime.advance(21 * MILLISECOND);
    assertThat(arrivedFar()).as("decided before the change").singleElement().isEqualTo(frame(1));
  }

  @Test
  void sendsAndDeliversAtTheEndWhatItHoldsBack() {
    injector.settings(
        FaultSettings.both(ImpairmentConfig.builder().delay(Duration.ofHours(1)).build(), SEED));
    near.send(frame(1));
    far.send(frame(2));
    assertThat(arrivedNear()).isEmpty();
    near.detach();
    assertThat(near.host().frames()).hasSize(1);
    // The cable's far end still has what was sent before the near one left.
    assertThat(arrivedFarAlone()).singleElement().isEqualTo(frame(1));
    assertThat(injector.out().heldBytes() + injector.in().heldBytes()).isZero();
  }

  private List<byte[]> arrivedFarAlone() {
    far.work();
    return far.host().takeFrames().stream().map(ReceivedFrame::octets).toList();
  }

  @Test
  void holdsNoMoreThanItsMemory() {
    injector.settings(
        new FaultSettings(
            ImpairmentConfig.builder().delay(Duration.ofSeconds(1)).build(),
            ImpairmentConfig.builder().delay(Duration.ofSeconds(1)).build(),
            SEED,
            FaultSettings.LEAST_MEMORY));
    for (int i = 0; i < 500; i++) {
      far.send(frame(i));
      near.work();
    }
    assertThat(injector.in().overflow()).as("received: dropped").isPositive();
    assertThat(injector.in().heldBytes()).isLessThan(FaultSettings.LEAST_MEMORY + 2048);
    int taken = 0;
    var one = new org.penstock.api.buffer.OutboundFrame[1];
    var arena = java.lang.foreign.Arena.ofAuto();
    int more = 1;
    while (more == 1 && taken < 500) {
      one[0] = AttachedNetif.outbound(arena, frame(taken));
      more = near.port().transmit(one, 1);
      taken += more;
    }
    assertThat(taken).as("sent: left with the sender").isLessThan(500);
    assertThat(near.host().transmitReadies()).isZero();
    runtime.advance(1001 * MILLISECOND);
    near.work();
    near.work();
    assertThat(near.host().transmitReadies()).isPositive();
    assertThat(arrivedFar()).hasSize(taken);
  }

  @Test
  void leavesSegmentsAndChecksumsToTheStack() {
    NetifCapabilities driver = cable.end(0).capabilities();
    assertThat(driver.tcpSegmentation()).isPositive();
    NetifCapabilities wrapped = injector.capabilities(driver);
    assertThat(wrapped.linkType()).isEqualTo(LinkType.ETHERNET);
    assertThat(wrapped.tcpSegmentation()).isZero();
    assertThat(wrapped.checksumOut()).isFalse();
    assertThat(wrapped.checksumIn()).isFalse();
    assertThat(wrapped.mtu()).isEqualTo(driver.mtu());
  }
}
