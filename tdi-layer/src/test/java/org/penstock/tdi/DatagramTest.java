package org.penstock.tdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpPort;
import org.penstock.tdi.fake.FakeStack;
import org.penstock.tdi.fake.FakeUdp;

/** Datagrams through address files. */
class DatagramTest {

  private static final TransportAddress PEER = TransportAddress.parse("192.0.2.9:53");
  private static final TransportAddress LOCAL = TransportAddress.of("0.0.0.0", 7);

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
    assertThat(stack.fakeUdp().openPorts()).isZero();
    assertThat(stack.fakePorts().references(Protocol.UDP.number(), 7)).isZero();
  }

  private AddressFile open() throws TransportException {
    return client.openAddress(Protocol.UDP, LOCAL);
  }

  private Outcome receive(AddressFile file, byte[] target, TransportAddress from) {
    Outcome outcome = new Outcome();
    file.receiveDatagram(outcome.request(), MemorySegment.ofArray(target), 0, target.length, from);
    return outcome;
  }

  private boolean arrive(String from, String text) {
    return stack.fakeUdp().arrive(7, from, text.getBytes(UTF_8)).getFirst();
  }

  @Test
  void sendsOneDatagram() throws Exception {
    AddressFile file = open();
    Outcome outcome = new Outcome();

    file.sendDatagram(
        outcome.request(), PEER, MemorySegment.ofArray("xhellox".getBytes(UTF_8)), 1, 5);

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.count()).isEqualTo(5);
    assertThat(stack.fakeUdp().sent()).hasSize(1);
    assertThat(stack.fakeUdp().sent().getFirst().to()).isEqualTo(PEER);
    assertThat(stack.fakeUdp().sent().getFirst().bytes()).isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  void theIpHeaderIsTheAddressFilesOrTheDatagrams() throws Exception {
    IpSettings ofFile = new IpSettings(46, 9);
    IpSettings own = new IpSettings(0, 1);
    AddressFile file =
        client.openAddress(Protocol.UDP, LOCAL, AddressOptions.DEFAULT.withIp(ofFile));
    Outcome first = new Outcome();
    Outcome second = new Outcome();
    MemorySegment bytes = MemorySegment.ofArray(new byte[3]);

    file.sendDatagram(first.request(), PEER, bytes, 0, 3);
    file.sendDatagram(second.request(), PEER, bytes, 0, 3, own);
    file.sendDatagram(PEER, ByteBuffer.allocate(3));

    assertThat(second.status()).isEqualTo(Status.SUCCESS);
    assertThat(stack.fakeUdp().sent().stream().map(FakeUdp.Sent::ip))
        .containsExactly(ofFile, own, ofFile);
  }

  @Test
  void theHandlerSeesTheDiffServCodepoint() throws Exception {
    AddressFile file = open();
    List<Integer> seen = new ArrayList<>();
    file.onReceiveDatagram((of, datagram) -> seen.add(datagram.dscp()));

    stack.fakeUdp().arrive(7, "192.0.2.9:53", new byte[1], 46);
    arrive("192.0.2.9:53", "x");

    assertThat(seen).containsExactly(46, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "DROPPED, INSUFFICIENT_RESOURCES",
    "UNREACHABLE, NETWORK_UNREACHABLE",
    "TOO_BIG, INVALID_PARAMETER",
    "INVALID_ADDRESS, INVALID_ADDRESS"
  })
  void sendingFails(UdpPort.Sent outcome, Status status) throws Exception {
    AddressFile file = open();
    stack.fakeUdp().outcome(outcome);

    assertThatThrownBy(() -> file.sendDatagram(PEER, ByteBuffer.allocate(4)))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void moreBytesThanADatagramCanHaveAreRefused() throws Exception {
    AddressFile file = open();
    Outcome outcome = new Outcome();

    file.sendDatagram(outcome.request(), PEER, MemorySegment.ofArray(new byte[70_000]), 0, 65_536);

    assertThat(outcome.status()).isEqualTo(Status.INVALID_PARAMETER);
    assertThat(stack.fakeUdp().sent()).isEmpty();
  }

  @Test
  void receiveWaitsAndNamesTheSender() throws Exception {
    AddressFile file = open();
    byte[] target = new byte[8];
    Outcome outcome = receive(file, target, null);

    assertThat(arrive("192.0.2.9:53", "hello")).isTrue();

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.count()).isEqualTo(5);
    assertThat(outcome.request().remote()).isEqualTo(PEER);
    assertThat(new String(target, 0, 5, UTF_8)).isEqualTo("hello");
  }

  @Test
  void datagramsWaitForReceivesInOrderAndByFilter() throws Exception {
    AddressFile file = open();
    arrive("192.0.2.9:1", "one");
    arrive("192.0.2.8:2", "two");
    arrive("192.0.2.9:3", "three");
    assertThat(file.info().waitingDatagrams()).isEqualTo(3);

    Outcome eight = receive(file, new byte[8], TransportAddress.parse("192.0.2.8:0"));
    Outcome first = receive(file, new byte[8], null);
    Outcome third = receive(file, new byte[8], TransportAddress.parse("192.0.2.9:3"));

    assertThat(eight.request().remote().port()).isEqualTo(2);
    assertThat(first.request().remote().port()).isEqualTo(1);
    assertThat(third.request().remote().port()).isEqualTo(3);
    assertThat(file.info().waitingDatagrams()).isZero();
  }

  @Test
  void shortBufferGetsTheBeginningAndSaysSo() throws Exception {
    AddressFile file = open();
    byte[] target = new byte[3];
    Outcome outcome = receive(file, target, null);

    arrive("192.0.2.9:53", "hello");

    assertThat(outcome.status()).isEqualTo(Status.BUFFER_OVERFLOW);
    assertThat(outcome.count()).isEqualTo(3);
    assertThat(outcome.request().remote()).isEqualTo(PEER);
    assertThat(new String(target, UTF_8)).isEqualTo("hel");
  }

  @Test
  void waitingDatagramsAreLimited() throws Exception {
    AddressFile file =
        client.openAddress(Protocol.UDP, LOCAL, AddressOptions.DEFAULT.withDatagramBytes(200));
    assertThat(arrive("192.0.2.9:1", "a".repeat(100))).isTrue();
    assertThat(arrive("192.0.2.9:1", "b".repeat(100))).isFalse();
    receive(file, new byte[200], null);
    assertThat(arrive("192.0.2.9:1", "c".repeat(100))).isTrue();
    int taken = 0;
    while (arrive("192.0.2.9:1", "")) {
      taken++;
    }
    assertThat(taken).isLessThan(4);
  }

  @Test
  void handlerIsShownDatagrams() throws Exception {
    AddressFile file = open();
    List<String> shown = new ArrayList<>();
    arrive("192.0.2.9:1", "early");
    file.onReceiveDatagram((of, datagram) -> {
      byte[] bytes = new byte[datagram.length()];
      MemorySegment.copy(
          datagram.segment(), datagram.offset(), MemorySegment.ofArray(bytes), 0, bytes.length);
      shown.add(datagram.remote() + " " + new String(bytes, UTF_8));
    });

    arrive("192.0.2.9:2", "now");

    assertThat(shown).containsExactly("192.0.2.9:1 early", "192.0.2.9:2 now");
  }

  @Test
  void handlerGivesAReceive() throws Exception {
    AddressFile file = open();
    byte[] target = new byte[8];
    Outcome outcome = new Outcome();
    file.onReceiveDatagram(
        (of, datagram) -> datagram.take(outcome.request(), MemorySegment.ofArray(target), 0, 8));

    arrive("192.0.2.9:53", "hello");

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(outcome.request().remote()).isEqualTo(PEER);
    assertThat(new String(target, 0, 5, UTF_8)).isEqualTo("hello");
  }

  @Test
  void handlerMayEcho() throws Exception {
    AddressFile file = open();
    Outcome outcome = new Outcome();
    file.onReceiveDatagram((of, datagram) ->
        of.sendDatagram(
            outcome.request(),
            datagram.remote(),
            datagram.segment(),
            datagram.offset(),
            datagram.length()));

    arrive("192.0.2.9:53", "echo");

    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    assertThat(stack.fakeUdp().sent().getFirst().bytes()).isEqualTo("echo".getBytes(UTF_8));
  }

  @Test
  void everySharerGetsTheDatagram() throws Exception {
    AddressOptions shared = AddressOptions.DEFAULT.withShared(true);
    AddressFile one = client.openAddress(Protocol.UDP, LOCAL, shared);
    AddressFile other = transport.client("other").openAddress(Protocol.UDP, LOCAL, shared);
    Outcome first = receive(one, new byte[8], null);
    Outcome second = receive(other, new byte[8], null);

    arrive("192.0.2.9:53", "both");

    assertThat(first.count()).isEqualTo(4);
    assertThat(second.count()).isEqualTo(4);
    assertThat(one.info().handles()).isEqualTo(2);
  }

  @Test
  void icmpErrorsReachTheErrorHandler() throws Exception {
    AddressFile file = open();
    List<String> errors = new ArrayList<>();
    file.onError((of, remote, status) -> errors.add(remote + " " + status));

    stack.fakeUdp().unreachable(7, "192.0.2.9:53", TcpFailure.PORT_UNREACHABLE);

    assertThat(errors).containsExactly("192.0.2.9:53 PORT_UNREACHABLE");
  }

  @Test
  void receiveIsCancelled() throws Exception {
    AddressFile file = open();
    Outcome first = receive(file, new byte[8], null);
    Outcome second = receive(file, new byte[8], null);

    first.request().cancel();
    arrive("192.0.2.9:53", "x");

    assertThat(first.status()).isEqualTo(Status.CANCELLED);
    assertThat(second.status()).isEqualTo(Status.SUCCESS);
  }

  @Test
  void closingEndsWhatIsPending() throws Exception {
    AddressFile file = open();
    Outcome pending = receive(file, new byte[8], null);

    file.close();

    assertThat(pending.status()).isEqualTo(Status.CANCELLED);
    assertThat(stack.fakeUdp().openPorts()).isZero();
    assertThat(receive(file, new byte[8], null).status()).isEqualTo(Status.INVALID_HANDLE);
  }

  @Test
  void requestOfTheWrongKindIsRefused() throws Exception {
    AddressFile tcp = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    assertThat(receive(tcp, new byte[8], null).status()).isEqualTo(Status.INVALID_DEVICE_REQUEST);
    AddressFile udp = open();
    assertThatThrownBy(() -> client.openEndpoint(udp, null))
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.status()).isEqualTo(Status.INVALID_PARAMETER));
  }

  @Test
  void blockingReceiveTimesOut() throws Exception {
    AddressFile file = open();
    assertThatThrownBy(() -> file.receiveDatagram(ByteBuffer.allocate(8), Duration.ofMillis(5)))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(Status.IO_TIMEOUT));
    ByteBuffer target = ByteBuffer.allocate(8);
    arrive("192.0.2.9:53", "late");

    assertThat(file.receiveDatagram(target, Duration.ofSeconds(5))).isEqualTo(PEER);
    assertThat(target.position()).isEqualTo(4);
  }

  @Test
  void stagesCompleteWithTheSender() throws Exception {
    AddressFile file = open();
    ByteBuffer target = ByteBuffer.allocate(8);
    var sender = file.receiveDatagramAsync(target).toCompletableFuture();
    assertThat(sender).isNotDone();

    arrive("192.0.2.9:53", "four");

    assertThat(sender).isCompletedWithValue(PEER);
    assertThat(target.position()).isEqualTo(4);
    assertThat(file.sendDatagramAsync(PEER, target.flip()).toCompletableFuture())
        .isCompletedWithValue(4L);
  }
}
