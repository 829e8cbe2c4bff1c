package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.ip.TestNetwork.ANY;
import static org.penstock.core.internal.ip.TestNetwork.PEER;
import static org.penstock.core.internal.ip.TestNetwork.fromPeer;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpUser;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;

/** Segments and datagrams go up and down without allocating anything, once warm. */
class IpAllocationTest {

  private static final int ROUNDS = 5_000;

  private final TestNetwork net = new TestNetwork();

  private void expectNoAllocation(Runnable round) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    // The first rounds run interpreted and may allocate; sooner or later one does not.
    for (int attempt = 0; attempt < 400 && allocated > 1000; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      round.run();
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isLessThanOrEqualTo(1000);
  }

  @Test
  void segmentsComeUp() {
    net.tcp.recording = false;
    Landing landing = TestNetwork.landing(fromPeer().tcp(1, 2).payload(new byte[100]).build());
    int cell = net.input.cellOf(net.slot, landing);

    net.gate.in(
        cell,
        () ->
            expectNoAllocation(() -> {
              for (int i = 0; i < ROUNDS; i++) {
                net.input.cellOf(net.slot, landing);
                net.input.frame(net.slot, cell, landing, true);
              }
            }));

    assertThat(net.tcp.segments).isGreaterThanOrEqualTo(ROUNDS);
  }

  @Test
  void segmentsGoDown() {
    net.resolvePeer();
    net.slot.stopRecording();
    Ipv4Output output = net.ip.output(1);
    Path path = output.route(ANY, PEER);
    MemorySegment payload = TestNetwork.offHeap(new byte[1000]);

    net.gate.in(
        1,
        () ->
            expectNoAllocation(() -> {
              for (int i = 0; i < ROUNDS; i++) {
                OutboundPacket packet = output.begin(path, 6, TcpHeader.MIN_LENGTH);
                TcpHeader.write(
                    packet.header(), packet.transport(), 1, i, 3, 20, TcpFlags.ACK, 5, 0);
                packet.payload(payload, 0, 700);
                packet.payload(payload, 3, 201);
                assertSent(output.end(null));
              }
            }));
  }

  @Test
  void datagramsComeUpAndAreAnswered() {
    net.resolvePeer();
    net.slot.stopRecording();
    int cell = net.udp.cellOf(7);
    net.context.ports().retain(17, 7);
    UdpPort[] port = new UdpPort[1];
    UdpUser echo =
        new UdpUser() {
          @Override
          public boolean received(
              TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
            port[0].send(remote, payload.segment(), payload.offset(), payload.length());
            return true;
          }

          @Override
          public void unreachable(TransportAddress remote, TcpFailure failure) {}
        };
    Landing landing = TestNetwork.landing(fromPeer().udp(9, 7).payload(new byte[100]).build());

    net.gate.in(
        cell,
        () -> {
          port[0] = net.udp.open(new TransportAddress(ANY, 7), echo);
          expectNoAllocation(() -> {
            for (int i = 0; i < ROUNDS; i++) {
              net.input.frame(net.slot, cell, landing, true);
            }
          });
        });

    assertThat(net.slot.taken()).isGreaterThanOrEqualTo(ROUNDS);
  }

  @Test
  void fragmentsGoDown() {
    net.resolvePeer();
    net.slot.stopRecording();
    Ipv4Output output = net.ip.output(1);
    Path path = output.route(ANY, PEER);
    MemorySegment payload = TestNetwork.offHeap(new byte[8000]);

    net.gate.in(
        1,
        () ->
            expectNoAllocation(() -> {
              for (int i = 0; i < ROUNDS / 5; i++) {
                OutboundPacket packet = output.begin(path, 17, 8);
                packet.payload(payload, 0, 3000);
                packet.payload(payload, 3000, 5000);
                assertSent(output.end(null));
              }
            }));
  }

  /** To another cell a whole datagram goes by a section of its own, so here the two are one. */
  @Test
  void fragmentsComeUp() {
    net.tcp.recording = false;
    int id = 0;
    byte[] whole;
    int cell;
    Landing[] fragments;
    do {
      whole = fromPeer().id(++id).tcp(1, 2).payload(new byte[8000]).build();
      fragments =
          Fragments.of(whole, 1480).stream().map(TestNetwork::landing).toArray(Landing[]::new);
      cell = net.input.cellOf(net.slot, fragments[0]);
    } while (cell != net.input.cellOf(net.slot, TestNetwork.landing(whole)));
    int home = cell;
    Landing[] all = fragments;

    net.gate.in(
        home,
        () ->
            expectNoAllocation(() -> {
              for (int i = 0; i < ROUNDS / 5; i++) {
                for (Landing fragment : all) {
                  net.input.frame(net.slot, home, fragment, true);
                }
              }
            }));

    assertThat(net.tcp.segments).isGreaterThanOrEqualTo(ROUNDS / 5);
  }

  private static void assertSent(Outcome outcome) {
    if (outcome != Outcome.SENT) {
      throw new AssertionError(outcome);
    }
  }
}
