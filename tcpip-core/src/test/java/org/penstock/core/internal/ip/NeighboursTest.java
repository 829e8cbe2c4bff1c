package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.GATEWAY;
import static org.penstock.core.internal.ip.TestNetwork.OTHER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.testkit.packet.PacketChecks.all;
import static org.penstock.testkit.packet.PacketChecks.arpReply;
import static org.penstock.testkit.packet.PacketChecks.arpRequest;
import static org.penstock.testkit.packet.PacketChecks.fromMac;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.payload;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.toMac;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.NeighbourView;
import org.penstock.api.view.NeighbourView.State;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.TestNetwork.RecordingWaiter;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** ARP by RFC 826 and RFC 1122 §2.3.2. */
class NeighboursTest {

  private final TestNetwork net = new TestNetwork();
  private final FakeSlot slot = net.slot;

  private static byte[] bytes(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }

  private State stateOf(IpAddress address) {
    return net.ip.neighbours().views().stream()
        .filter(view -> view.address().equals(address))
        .map(NeighbourView::state)
        .findFirst()
        .orElse(null);
  }

  private void answer() {
    net.receive(PacketBuilder.arpReply(PEER_MAC, PEER, OUR_MAC, US));
  }

  @Test
  void asksByBroadcastAndSendsWhatWaitedInOrder() {
    assertThat(net.send(3, PEER, bytes(1), null)).isEqualTo(Outcome.SENT);
    assertThat(net.send(3, PEER, bytes(2), null)).isEqualTo(Outcome.SENT);

    Packet request = slot.only();
    all(arpRequest(PEER), toMac(MacAddress.BROADCAST), fromMac(OUR_MAC)).check(request);
    assertThat(request.arp().senderIp()).isEqualTo(US);
    assertThat(stateOf(PEER)).isEqualTo(State.INCOMPLETE);

    answer();

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(2);
    all(ip(to(PEER), payload(bytes(1))), toMac(PEER_MAC), fromMac(OUR_MAC)).check(sent.get(0));
    ip(payload(bytes(2))).check(sent.get(1));
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
    assertThat(net.context.buffers().view(0, 0).chunkBytesFree())
        .isEqualTo(net.context.buffers().view(0, 0).chunkBytes());
  }

  @Test
  void sendsAtOnceWhatComesAfterTheAnswer() {
    net.resolvePeer();

    assertThat(net.send(5, PEER, bytes(7), null)).isEqualTo(Outcome.SENT);

    all(ip(payload(bytes(7))), toMac(PEER_MAC)).check(slot.only());
  }

  @Test
  void asksOnceForAllCellsThatWait() {
    for (int cell = 0; cell < 8; cell++) {
      net.send(cell, PEER, bytes(cell), null);
    }

    arpRequest(PEER).check(slot.only());
    answer();

    assertThat(slot.take()).hasSize(8).allMatch(ip(to(PEER))::matches);
  }

  @Test
  void asksForTheGatewayOfWhatIsNotOnTheLink() {
    net.send(1, TestNetwork.FAR, bytes(1), null);

    arpRequest(GATEWAY).check(slot.only());
    net.receive(PacketBuilder.arpReply(OTHER_MAC, GATEWAY, OUR_MAC, US));

    all(ip(to(TestNetwork.FAR)), toMac(OTHER_MAC)).check(slot.only());
  }

  @Test
  void asksThreeTimesASecondApartAndThenGivesUp() {
    RecordingWaiter waiter = new RecordingWaiter();
    net.send(2, PEER, bytes(1), null);
    assertThat(net.send(2, PEER, bytes(1), waiter)).isEqualTo(Outcome.BLOCKED);

    net.gate.advance(SECOND - 1);
    assertThat(slot.take()).hasSize(1);
    net.gate.advance(1);
    assertThat(slot.take()).hasSize(1);
    net.gate.advance(SECOND);
    arpRequest(PEER).check(slot.only());
    assertThat(waiter.failed).isZero();
    net.gate.advance(SECOND);

    assertThat(slot.take()).isEmpty();
    assertThat(waiter.failed).isEqualTo(1);
    assertThat(waiter.ready).isZero();
    assertThat(waiter.isWaiting()).isFalse();
    assertThat(slot.drops(DropReason.NEIGHBOUR_UNREACHABLE)).isEqualTo(1);
    assertThat(stateOf(PEER)).isEqualTo(State.FAILED);
    net.gate.advance(30 * SECOND);
    assertThat(stateOf(PEER)).isNull();
  }

  @Test
  void asksAgainAfterAFailure() {
    net.send(2, PEER, bytes(1), null);
    net.gate.advance(3 * SECOND);
    assertThat(slot.take()).hasSize(3);
    assertThat(stateOf(PEER)).isEqualTo(State.FAILED);

    net.send(2, PEER, bytes(2), null);
    assertThat(slot.take()).hasSize(1);
    answer();

    ip(payload(bytes(2))).check(slot.only());
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
  }

  @Test
  void tellsWaitersWhenTheNeighbourIsFound() {
    RecordingWaiter waiter = new RecordingWaiter();
    net.send(2, PEER, bytes(1), waiter);
    net.send(2, PEER, bytes(1), waiter);
    answer();

    assertThat(waiter.ready).isEqualTo(1);
    assertThat(waiter.failed).isZero();
  }

  @Test
  void tellsThousandsOfWaitersInBoundedSections() {
    RecordingWaiter[] waiters = new RecordingWaiter[1000];
    for (int i = 0; i < waiters.length; i++) {
      waiters[i] = new RecordingWaiter();
      net.send(2, PEER, bytes(1), waiters[i]);
    }
    slot.take();
    answer();

    assertThat(waiters).allMatch(waiter -> waiter.ready == 1);
  }

  @Test
  void goesOnTellingWaitersAfterOneThrew() {
    TransmitWaiter broken =
        new TransmitWaiter() {
          @Override
          protected void transmitReady() {
            throw new IllegalStateException("broken");
          }

          @Override
          protected void transmitFailed() {
            throw new IllegalStateException("broken");
          }
        };
    RecordingWaiter waiter = new RecordingWaiter();
    net.send(2, PEER, bytes(1), broken);
    net.send(2, PEER, bytes(1), waiter);

    try {
      answer();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("broken");
    }
    net.gate.drain();

    assertThat(waiter.ready).isEqualTo(1);
  }

  @Test
  void keepsSixteenPacketsForANeighbourTheLatestOnes() {
    for (int i = 0; i < 20; i++) {
      net.send(2, PEER, bytes(i), null);
    }
    slot.take();
    assertThat(slot.drops(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(4);

    answer();

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(16);
    ip(payload(bytes(4))).check(sent.getFirst());
    ip(payload(bytes(19))).check(sent.getLast());
  }

  @Test
  void keepsABoundedNumberOfPacketsForAllNeighbours() {
    for (int i = 0; i < 200; i++) {
      net.send(2, IpAddress.ofIpv4(0xc000_0203 + i % 100), bytes(i), null);
    }

    assertThat(slot.drops(DropReason.NEIGHBOUR_QUEUE_FULL))
        .isEqualTo(200 - UnresolvedNeighbours.MOST_PACKETS);
  }

  @Test
  void confirmsAStaleNeighbourByUnicastWhenItIsUsed() {
    net.resolvePeer();
    net.gate.advance(45 * SECOND);
    assertThat(stateOf(PEER)).isEqualTo(State.STALE);
    assertThat(slot.take()).isEmpty();

    net.send(4, PEER, bytes(1), null);
    net.send(5, PEER, bytes(2), null);

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(3);
    assertThat(sent).filteredOn(ip()::matches).hasSize(2).allMatch(toMac(PEER_MAC)::matches);
    Packet request = sent.stream().filter(Packet::isArp).findFirst().orElseThrow();
    all(arpRequest(PEER), toMac(PEER_MAC)).check(request);

    answer();
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
    net.gate.advance(5 * SECOND);
    assertThat(slot.take()).isEmpty();

    net.gate.advance(40 * SECOND);
    net.send(4, PEER, bytes(3), null);
    assertThat(slot.take()).filteredOn(arpRequest(PEER)::matches).hasSize(1);
  }

  @Test
  void isToldOfAUseOnceAlsoIfTheNeighbourMovesMeanwhile() {
    net.resolvePeer();
    net.gate.advance(45 * SECOND);
    net.gate.occupy(4, () -> net.sendInside(4, PEER, bytes(1), null));
    assertThat(net.gate.waiting()).isEqualTo(1);
    byte[] moved = PacketBuilder.arpRequest(OTHER_MAC, PEER, PEER);
    net.gate.occupy(0, () -> net.input.frame(slot, 0, TestNetwork.landing(moved), true));

    net.gate.occupy(5, () -> net.sendInside(5, PEER, bytes(2), null));

    assertThat(net.gate.waiting()).isEqualTo(1);
    net.gate.drain();
    assertThat(slot.take()).filteredOn(arpRequest(PEER)::matches).hasSize(1);
  }

  /** RFC 1122 §3.3.1.4: TCP gets no answers that way. */
  private void doubt(int cell) {
    net.gate.in(
        cell,
        () -> {
          Ipv4Output output = net.ip.output(cell);
          output.doubt(output.route(TestNetwork.ANY, PEER));
        });
  }

  @Test
  void confirmsADoubtedNeighbourAtOnce() {
    net.resolvePeer();
    net.gate.advance(5 * SECOND);
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);

    doubt(4);
    doubt(5);
    all(arpRequest(PEER), toMac(PEER_MAC)).check(slot.only());
    // What is sent meanwhile is not held back.
    net.send(4, PEER, bytes(1), null);
    assertThat(slot.only().isArp()).isFalse();
    answer();
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
    // Not more than one request a second.
    doubt(4);
    assertThat(slot.take()).isEmpty();
    net.gate.advance(SECOND);
    doubt(4);
    arpRequest(PEER).check(slot.only());
  }

  @Test
  void failsADoubtedNeighbourThatDoesNotConfirm() {
    net.resolvePeer();
    net.gate.advance(5 * SECOND);
    doubt(4);
    net.gate.advance(3 * SECOND);
    assertThat(stateOf(PEER)).isEqualTo(State.FAILED);
    assertThat(slot.take()).hasSize(3);
    // Nobody is asked about what is not known to be there.
    doubt(4);
    assertThat(slot.take()).isEmpty();
  }

  @Test
  void givesUpAStaleNeighbourThatDoesNotConfirmAndAsksEverybodyNext() {
    net.resolvePeer();
    net.gate.advance(45 * SECOND);
    net.send(4, PEER, bytes(1), null);
    net.gate.advance(SECOND);
    net.send(4, PEER, bytes(2), null);
    net.gate.advance(2 * SECOND);

    List<Packet> sent = slot.take();
    assertThat(sent).filteredOn(ip()::matches).hasSize(2);
    assertThat(sent).filteredOn(arpRequest(PEER)::matches).hasSize(3);
    assertThat(stateOf(PEER)).isEqualTo(State.FAILED);

    net.send(4, PEER, bytes(3), null);
    all(arpRequest(PEER), toMac(MacAddress.BROADCAST)).check(slot.only());
  }

  @Test
  void forgetsANeighbourThatNobodyUsesForTenMinutes() {
    net.resolvePeer();
    net.gate.advance(46 * SECOND + 600 * SECOND);

    assertThat(net.ip.neighbours().views()).isEmpty();
  }

  @Test
  void answersRequestsForOurAddress() {
    net.receive(PacketBuilder.arpRequest(PEER_MAC, PEER, US));

    Packet reply = slot.only();
    all(arpReply(US, OUR_MAC), toMac(PEER_MAC)).check(reply);
    assertThat(reply.arp().targetIp()).isEqualTo(PEER);
    assertThat(reply.arp().targetMac()).isEqualTo(PEER_MAC);
    assertThat(net.count(Counter.ARP_IN_REQUESTS)).isEqualTo(1);
    assertThat(net.count(Counter.ARP_OUT_REPLIES)).isEqualTo(1);
  }

  @Test
  void knowsWhoAskedWithoutAskingBackFirst() {
    net.receive(PacketBuilder.arpRequest(PEER_MAC, PEER, US));
    slot.take();

    net.send(1, PEER, bytes(1), null);

    List<Packet> sent = slot.take();
    assertThat(sent).filteredOn(ip()::matches).hasSize(1).allMatch(toMac(PEER_MAC)::matches);
    // What it said of itself is believed, and confirmed.
    assertThat(sent).filteredOn(arpRequest(PEER)::matches).hasSize(1);
  }

  @Test
  void answersProbesWithoutRememberingThem() {
    net.receive(PacketBuilder.arpRequest(PEER_MAC, IpAddress.ANY_IPV4, US));

    arpReply(US, OUR_MAC).check(slot.only());
    assertThat(net.ip.neighbours().views()).isEmpty();
  }

  @Test
  void ignoresRequestsForOthers() {
    net.receive(PacketBuilder.arpRequest(PEER_MAC, PEER, GATEWAY));

    assertThat(slot.take()).isEmpty();
    assertThat(net.ip.neighbours().views()).isEmpty();
    assertThat(slot.drops(DropReason.ARP_IGNORED)).isEqualTo(1);
  }

  @Test
  void makesNoEntryFromAnAnswerNobodyAskedFor() {
    answer();

    assertThat(net.ip.neighbours().views()).isEmpty();
    assertThat(slot.drops(DropReason.ARP_IGNORED)).isEqualTo(1);
  }

  @Test
  void takesANewAddressFromAGratuitousRequestAndConfirmsIt() {
    net.resolvePeer();
    net.receive(PacketBuilder.arpRequest(OTHER_MAC, PEER, PEER));
    assertThat(slot.take()).isEmpty();
    assertThat(stateOf(PEER)).isEqualTo(State.STALE);

    net.send(1, PEER, bytes(1), null);

    assertThat(slot.take()).hasSize(2).allMatch(toMac(OTHER_MAC)::matches);
  }

  @Test
  void keepsAConfirmedAddressWhenAGratuitousRequestSaysTheSame() {
    net.resolvePeer();
    net.receive(PacketBuilder.arpRequest(PEER_MAC, PEER, PEER));

    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
  }

  @Test
  void isResolvedByARequestFromTheNeighbourItself() {
    net.send(1, PEER, bytes(9), null);
    slot.take();

    net.receive(PacketBuilder.arpRequest(PEER_MAC, PEER, US));

    assertThat(slot.take()).filteredOn(ip()::matches).hasSize(1);
  }

  @Test
  void aFloodOfRequestsPushesOutNobodyInUse() {
    net.resolvePeer();
    for (int i = 0; i < 10_000; i++) {
      MacAddress mac = new MacAddress(0x0200_0001_0000L + i);
      net.receive(PacketBuilder.arpRequest(mac, IpAddress.ofIpv4(0xc000_0203 + i % 250), US));
    }

    assertThat(net.ip.neighbours().views().size())
        .isLessThanOrEqualTo(Neighbours.MOST_UNINVITED + 1);
    assertThat(stateOf(PEER)).isEqualTo(State.REACHABLE);
    slot.take();
    net.send(1, PEER, bytes(1), null);
    ip(to(PEER)).check(slot.only());
  }

  @Test
  void aFloodFromAWideSubnetIsBoundedToo() {
    net.add(slot, null, "198.18.0.1/15");
    IpAddress us = IpAddress.parse("198.18.0.1");
    for (int i = 2; i < 20_000; i++) {
      MacAddress mac = new MacAddress(0x0200_0001_0000L + i);
      net.receive(PacketBuilder.arpRequest(mac, IpAddress.ofIpv4(0xc612_0000 + i), us));
    }

    assertThat(net.ip.neighbours().views()).hasSize(Neighbours.MOST_UNINVITED);
    assertThat(slot.take()).hasSize(20_000 - 2);
  }

  @Test
  void aScanOfOursIsBoundedAndTheOldestQuestionsGiveWay() {
    net.add(slot, null, "198.18.0.1/15");
    int scanned = Neighbours.MOST_ENTRIES + 100;
    RecordingWaiter[] waiters = new RecordingWaiter[scanned];
    for (int i = 0; i < scanned; i++) {
      waiters[i] = new RecordingWaiter();
      net.send(i % 8, IpAddress.ofIpv4(0xc612_0002 + i), bytes(1), waiters[i]);
    }

    assertThat(net.ip.neighbours().views()).hasSize(Neighbours.MOST_ENTRIES);
    assertThat(waiters).filteredOn(waiter -> waiter.failed == 1).hasSize(100);
    assertThat(waiters[0].failed).isEqualTo(1);
    assertThat(waiters[scanned - 1].failed).isZero();
    net.gate.advance(3 * SECOND);
    assertThat(waiters).allMatch(waiter -> waiter.failed == 1);

    // Failed ones give way to a new one.
    net.send(0, IpAddress.parse("198.18.200.1"), bytes(1), null);
    assertThat(stateOf(IpAddress.parse("198.18.200.1"))).isEqualTo(State.INCOMPLETE);
    assertThat(net.ip.neighbours().views()).hasSize(Neighbours.MOST_ENTRIES);
  }

  @Test
  void refusesSendersThatAreNoStation() {
    net.receive(PacketBuilder.arpRequest(MacAddress.BROADCAST, PEER, US));
    net.receive(PacketBuilder.arpRequest(PEER_MAC, IpAddress.parse("192.0.2.255"), US));
    net.receive(PacketBuilder.arpRequest(PEER_MAC, IpAddress.parse("224.0.0.5"), US));
    net.receive(PacketBuilder.arpRequest(PEER_MAC, IpAddress.BROADCAST_IPV4, US));
    net.receive(PacketBuilder.arpRequest(PEER_MAC, IpAddress.parse("127.0.0.1"), US));
    net.receive(PacketBuilder.arpRequest(OUR_MAC, PEER, US));

    assertThat(slot.take()).isEmpty();
    assertThat(slot.drops(DropReason.BAD_SOURCE_ADDRESS)).isEqualTo(6);
    assertThat(net.ip.neighbours().views()).isEmpty();
  }

  @Test
  void refusesWhatIsNotArpForIpv4() {
    byte[] packet = PacketBuilder.arpRequest(PEER_MAC, PEER, US);
    packet[17] = 6;
    net.receive(packet);
    net.receive(java.util.Arrays.copyOf(PacketBuilder.arpRequest(PEER_MAC, PEER, US), 30));

    assertThat(slot.drops(DropReason.MALFORMED_ARP)).isEqualTo(2);
    assertThat(slot.take()).isEmpty();
  }

  @Test
  void defendsOurAddressThoughNotForEver() {
    for (int i = 0; i < 5; i++) {
      net.receive(PacketBuilder.arpRequest(OTHER_MAC, US, US));
    }

    all(arpRequest(US), toMac(MacAddress.BROADCAST)).check(slot.only());
    net.gate.advance(10 * SECOND);
    net.receive(PacketBuilder.arpRequest(OTHER_MAC, US, US));
    arpRequest(US).check(slot.only());
  }

  /** RFC 5227 §2.4. */
  @Test
  void countsAndReportsWhoUsesOurAddress() {
    net.receive(PacketBuilder.arpRequest(OTHER_MAC, US, GATEWAY));
    net.receive(PacketBuilder.arpReply(OTHER_MAC, US, TestNetwork.OUR_MAC, PEER));
    net.receive(PacketBuilder.arpRequest(OTHER_MAC, PEER, US));

    assertThat(net.count(Counter.ARP_CONFLICTS)).isEqualTo(2);
    assertThat(slot.conflicts()).containsOnly("192.0.2.1 02:00:00:00:00:03");
  }

  @Test
  void announcesOurAddressesTwice() {
    net.add(slot, GATEWAY, "192.0.2.1/24", "198.51.100.9/24");
    net.ip.neighbours().announce(0);
    net.gate.drain();

    List<Packet> sent = slot.take();
    assertThat(sent).hasSize(2);
    arpRequest(US).check(sent.get(0));
    assertThat(sent.get(0).arp().senderIp()).isEqualTo(US);
    arpRequest(IpAddress.parse("198.51.100.9")).check(sent.get(1));
    net.gate.advance(2 * SECOND);
    assertThat(slot.take()).hasSize(2);
    net.gate.advance(60 * SECOND);
    assertThat(slot.take()).isEmpty();
  }

  @Test
  void asksAgainAtOnceAfterAChangeOfDriver() {
    slot.up(true);
    net.send(1, PEER, bytes(1), null);
    net.gate.advance(SECOND / 2);
    slot.take();

    net.ip.neighbours().announce(0);
    net.gate.drain();

    assertThat(slot.take()).anyMatch(arpRequest(PEER)::matches);
    net.gate.advance(5 * SECOND / 2);
    assertThat(stateOf(PEER)).isEqualTo(State.INCOMPLETE);
  }

  @Test
  void confirmsKnownNeighboursAfterAChangeOfDriver() {
    net.resolvePeer();
    net.ip.neighbours().announce(0);
    net.gate.drain();
    slot.take();

    assertThat(stateOf(PEER)).isEqualTo(State.STALE);
    net.send(1, PEER, bytes(1), null);
    assertThat(slot.take()).anyMatch(arpRequest(PEER)::matches).anyMatch(ip(to(PEER))::matches);
  }

  @Test
  void forgetsTheNeighboursOfARemovedSlotAndTellsWhoWaits() {
    net.resolvePeer();
    RecordingWaiter waiter = new RecordingWaiter();
    net.send(1, GATEWAY, bytes(1), waiter);
    net.send(1, GATEWAY, bytes(1), null);

    net.remove(slot);

    assertThat(net.ip.neighbours().views()).isEmpty();
    assertThat(waiter.failed).isEqualTo(1);
    assertThat(net.cellDrops(DropReason.NEIGHBOUR_UNREACHABLE)).isEqualTo(1);
    net.gate.advance(60 * SECOND);
  }

  @Test
  void resolvesNothingWhereThereIsNoLinkHeader() {
    FakeSlot tun = new FakeSlot(1, NetifCapabilities.plain(LinkType.IP, 1400));
    net.add(tun, null, "203.0.113.1/24");

    net.send(1, IpAddress.parse("203.0.113.2"), bytes(5), null);

    ip(to(IpAddress.parse("203.0.113.2")), payload(bytes(5))).check(tun.only());
    net.ip.neighbours().announce(1);
    net.gate.advance(5 * SECOND);
    assertThat(tun.take()).isEmpty();
  }

  @Test
  void sendsWhatWaitsOnceADriverWithoutLinkHeadersTakesOver() {
    RecordingWaiter waiter = new RecordingWaiter();
    net.resolve(GATEWAY, OTHER_MAC);
    net.send(1, PEER, bytes(1), null);
    assertThat(net.send(2, PEER, bytes(2), waiter)).isEqualTo(Outcome.BLOCKED);
    slot.take();

    slot.capabilities(NetifCapabilities.plain(LinkType.IP, 1500));
    net.ip.neighbours().announce(0);
    net.gate.drain();

    ip(to(PEER), payload(bytes(1))).check(slot.only());
    assertThat(waiter.ready).isEqualTo(1);
    assertThat(waiter.failed).isZero();
    assertThat(net.ip.neighbours().views()).isEmpty();
    net.gate.advance(60 * SECOND);
    assertThat(slot.take()).as("no announcement, no question").isEmpty();
  }

  @Test
  void whoAsksAsADriverWithoutLinkHeadersTakesOverIsAnsweredAtOnce() {
    RecordingWaiter waiter = new RecordingWaiter();
    net.gate.in(
        3,
        () -> {
          net.sendInside(3, PEER, bytes(1), null);
          net.sendInside(3, PEER, bytes(2), waiter);
          // Announced and done before the question has come to the control cell.
          slot.capabilities(NetifCapabilities.plain(LinkType.IP, 1500));
        });
    net.gate.drain();

    ip(to(PEER), payload(bytes(1))).check(slot.only());
    assertThat(waiter.ready).isEqualTo(1);
    assertThat(net.ip.neighbours().views()).isEmpty();
  }

  @Test
  void resolvesAgainOnceADriverWithLinkHeadersTakesOver() {
    slot.capabilities(NetifCapabilities.plain(LinkType.IP, 1500));
    net.send(1, PEER, bytes(1), null);
    ip(to(PEER), payload(bytes(1))).check(slot.only());

    slot.capabilities(NetifCapabilities.plain(LinkType.ETHERNET, 1500));
    net.ip.neighbours().announce(0);
    net.gate.drain();
    arpRequest(US).check(slot.only());
    net.send(1, PEER, bytes(2), null);
    arpRequest(PEER).check(slot.only());
    answer();
    all(ip(to(PEER), payload(bytes(2))), toMac(PEER_MAC)).check(slot.only());
  }

  @Test
  void showsWhatItKnows() {
    net.resolvePeer();
    net.send(1, GATEWAY, bytes(1), null);
    net.gate.advance(SECOND / 4);

    assertThat(net.ip.neighbours().views())
        .containsExactly(
            new NeighbourView(PEER, PEER_MAC, "net0", State.REACHABLE, SECOND / 4),
            new NeighbourView(GATEWAY, null, "net0", State.INCOMPLETE, SECOND / 4));
  }
}
