package org.penstock.core.internal.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.core.internal.ip.TestNetwork.OUR_MAC;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.PEER_MAC;
import static org.penstock.core.internal.ip.TestNetwork.SECOND;
import static org.penstock.core.internal.ip.TestNetwork.US;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;
import static org.penstock.testkit.packet.PacketChecks.all;
import static org.penstock.testkit.packet.PacketChecks.echoReply;
import static org.penstock.testkit.packet.PacketChecks.from;
import static org.penstock.testkit.packet.PacketChecks.icmp;
import static org.penstock.testkit.packet.PacketChecks.ip;
import static org.penstock.testkit.packet.PacketChecks.to;
import static org.penstock.testkit.packet.PacketChecks.toMac;
import static org.penstock.testkit.packet.PacketChecks.type;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.Icmp.Echo;
import org.penstock.core.api.Icmp.Outcome;
import org.penstock.core.internal.ip.Fragments;
import org.penstock.core.internal.ip.TestNetwork;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;

/** Echoes answered and asked for (RFC 792, RFC 1122 §3.2.2.6). */
class IcmpEchoTest {

  private TestNetwork net = new TestNetwork();

  private static byte[] bytes(int count) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) (i * 13 + 5);
    }
    return octets;
  }

  private CompletableFuture<Echo> echo(IpAddress to, int payload) {
    CompletableFuture<Echo> echo = net.icmp.echo(to, payload, SECOND).toCompletableFuture();
    net.gate.drain();
    return echo;
  }

  @Test
  void answersWithTheSamePayload() {
    net.resolvePeer();
    for (int length : new int[] {0, 1, 56, 1472}) {
      net.receive(fromPeer().echoRequest(77, length).payload(bytes(length)));

      Packet reply = net.slot.only();
      all(echoReply(77, length), ip(from(US), to(PEER)), toMac(PEER_MAC)).check(reply);
      assertThat(reply.icmp().body()).isEqualTo(bytes(length));
    }
  }

  @Test
  void answersWhoIsNotKnownYetOnceItIs() {
    net.receive(fromPeer().echoRequest(1, 1).payload(bytes(56)));
    net.slot.take();
    net.receive(PacketBuilder.arpReply(PEER_MAC, PEER, OUR_MAC, US));

    Packet reply = net.slot.only();
    echoReply(1, 1).check(reply);
    assertThat(reply.icmp().body()).isEqualTo(bytes(56));
  }

  @Test
  void answersNoBroadcastsOrMulticasts() {
    net.resolvePeer();
    for (String to : new String[] {"255.255.255.255", "192.0.2.255", "224.0.0.1"}) {
      net.receive(
          PacketBuilder.ethernet(PEER_MAC, MacAddress.BROADCAST)
              .ip(PEER, IpAddress.parse(to))
              .echoRequest(1, 1));
    }

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops(DropReason.ICMP_IGNORED)).isEqualTo(3);
  }

  @Test
  void refusesBadChecksumsAndShortMessages() {
    net.receive(fromPeer().echoRequest(1, 1).badTransportChecksum());
    byte[] cut = fromPeer().echoRequest(1, 1).build();
    MemorySegment memory = MemorySegment.ofArray(cut);
    Ipv4Header.write(memory, 14, 0, 20 + 7, 0, 0, 64, 1, PEER.ipv4(), US.ipv4());
    net.receive(cut);

    assertThat(net.slot.take()).isEmpty();
    assertThat(net.slot.drops(DropReason.BAD_CHECKSUM_ICMP)).isEqualTo(1);
    assertThat(net.slot.drops(DropReason.MALFORMED_ICMP)).isEqualTo(1);
  }

  @Test
  void measuresARoundTrip() {
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 56);
    Packet request = net.slot.only();
    icmp(type(8, 0)).check(request);
    assertThat(request.icmp().body()).hasSize(56);
    assertThat(echo).isNotDone();

    net.gate.advance(3_000_000);
    net.receive(
        fromPeer()
            .ttl(61)
            .echoReply(request.icmp().id(), request.icmp().sequence())
            .payload(request.icmp().body()));

    assertThat(echo).isCompletedWithValue(new Echo(Outcome.REPLY, PEER, 56, 61, 3_000_000));
    net.gate.advance(10 * SECOND);
  }

  @Test
  void measuresFromTheRequestAndNotFromTheResolution() {
    CompletableFuture<Echo> echo = echo(PEER, 8);
    net.gate.advance(SECOND / 2);
    net.slot.take();
    net.receive(PacketBuilder.arpReply(PEER_MAC, PEER, OUR_MAC, US));
    Packet request = net.slot.only();
    net.gate.advance(1000);
    net.receive(
        fromPeer()
            .echoReply(request.icmp().id(), request.icmp().sequence())
            .payload(request.icmp().body()));

    assertThat(echo.join().roundTripNanos()).isEqualTo(1000);
  }

  @Test
  void believesNoReplyThatDiffersInAnything() {
    // One cell, so that all replies come to where the request waits.
    net = new TestNetwork(1);
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 16);
    Packet request = net.slot.only();
    int id = request.icmp().id();
    int sequence = request.icmp().sequence();
    byte[] body = request.icmp().body();
    byte[] changed = body.clone();
    changed[15] ^= 1;

    net.receive(fromPeer().echoReply(id + 1, sequence).payload(body));
    net.receive(fromPeer().echoReply(id, sequence + 1).payload(body));
    net.receive(fromPeer().echoReply(id, sequence).payload(changed));
    net.receive(fromPeer().echoReply(id, sequence).payload(java.util.Arrays.copyOf(body, 15)));
    net.receive(
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC)
            .ip(IpAddress.parse("192.0.2.3"), US)
            .echoReply(id, sequence)
            .payload(body));

    assertThat(echo).isNotDone();
    assertThat(net.slot.drops(DropReason.ICMP_IGNORED)).isEqualTo(5);
    net.receive(fromPeer().echoReply(id, sequence).payload(body));
    assertThat(echo.join().outcome()).isEqualTo(Outcome.REPLY);
  }

  @Test
  void goesThereAndBackInFragments() {
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 60_000);

    ByteArrayOutputStream request = new ByteArrayOutputStream();
    for (Packet fragment : net.slot.take()) {
      request.writeBytes(Arrays.copyOfRange(fragment.octets(), 34, fragment.octets().length));
    }
    byte[] message = request.toByteArray();
    int identifier = (message[4] & 0xff) << 8 | message[5] & 0xff;
    int sequence = (message[6] & 0xff) << 8 | message[7] & 0xff;
    byte[] reply =
        fromPeer()
            .id(1)
            .echoReply(identifier, sequence)
            .payload(Arrays.copyOfRange(message, 8, message.length))
            .build();
    Fragments.of(reply, 1480).reversed().forEach(net::receive);

    assertThat(echo).isCompletedWithValue(new Echo(Outcome.REPLY, PEER, 60_000, 64, 0));
  }

  @Test
  void timesOut() {
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 56);

    net.gate.advance(SECOND - 1);
    assertThat(echo).isNotDone();
    net.gate.advance(1);

    assertThat(echo).isCompletedWithValue(new Echo(Outcome.TIMED_OUT, PEER, 0, 0, 0));
  }

  @Test
  void isUnreachableWithoutARouteALinkOrANeighbour() {
    net.add(net.slot, null, "192.0.2.1/24");
    assertThat(echo(TestNetwork.FAR, 8).join().outcome()).isEqualTo(Outcome.UNREACHABLE);

    CompletableFuture<Echo> unanswered = net.icmp.echo(PEER, 8, 10 * SECOND).toCompletableFuture();
    net.gate.drain();
    net.gate.advance(3 * SECOND);
    assertThat(unanswered).isCompletedWithValue(new Echo(Outcome.UNREACHABLE, PEER, 0, 0, 0));

    net.slot.up(false);
    assertThat(echo(PEER, 8).join().outcome()).isEqualTo(Outcome.UNREACHABLE);
    net.slot.up(true);
    assertThat(echo(IpAddress.BROADCAST_IPV4, 8).join().outcome()).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void isUnreachableWhenARouterSaysSo() {
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 8);
    Packet request = net.slot.only();
    byte[] quoted =
        PacketBuilder.bare()
            .ip(US, PEER)
            .echoRequest(request.icmp().id(), request.icmp().sequence())
            .build();
    IpAddress router = IpAddress.parse("192.0.2.254");

    net.receive(
        PacketBuilder.ethernet(PEER_MAC, OUR_MAC).ip(router, US).icmp(3, 1, 0).payload(quoted));

    assertThat(echo).isCompletedWithValue(new Echo(Outcome.UNREACHABLE, router, 0, 0, 0));
  }

  @Test
  void reachesOurselves() {
    assertThat(echo(US, 1000).join()).isEqualTo(new Echo(Outcome.REPLY, US, 1000, 64, 0));
    assertThat(echo(IpAddress.parse("127.0.0.1"), 60_000).join().outcome())
        .isEqualTo(Outcome.REPLY);
    assertThat(net.slot.take()).isEmpty();
  }

  @Test
  void keepsManyApart() {
    net.resolvePeer();
    List<CompletableFuture<Echo>> echoes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      echoes.add(echo(PEER, i));
    }
    List<Packet> requests = net.slot.take();
    assertThat(requests).hasSize(100);
    for (int i = 99; i >= 0; i--) {
      Packet request = requests.get(i);
      net.receive(
          fromPeer()
              .echoReply(request.icmp().id(), request.icmp().sequence())
              .payload(request.icmp().body()));
    }

    for (int i = 0; i < 100; i++) {
      assertThat(echoes.get(i).join().bytes()).isEqualTo(i);
    }
  }

  @Test
  void endsAllThatWaitWhenTheStackStops() {
    net.resolvePeer();
    CompletableFuture<Echo> echo = echo(PEER, 8);
    for (int cell = 0; cell < 8; cell++) {
      int index = cell;
      net.gate.in(cell, () -> net.icmp.close(index));
    }

    assertThat(echo.join().outcome()).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void returnsItsMemory() {
    net.resolvePeer();
    echo(PEER, 1400);
    var memory = net.context.buffers().view(0, 0);

    assertThat(memory.chunkBytesFree()).isEqualTo(memory.chunkBytes());
  }

  @Test
  void refusesWhatFitsNoPacket() {
    assertThatThrownBy(() -> net.icmp.echo(PEER, 65_508, SECOND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65508")
        .hasMessageContaining("0 and 65507");
    assertThatThrownBy(() -> net.icmp.echo(PEER, -1, SECOND))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> net.icmp.echo(PEER, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout 0");
  }
}
