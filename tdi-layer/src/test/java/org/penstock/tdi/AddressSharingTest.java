package org.penstock.tdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Ports;
import org.penstock.tdi.fake.FakeStack;

/** Who may open an address when: protocol, port, IP address and share mode. */
class AddressSharingTest {

  private static final int TCP = Protocol.TCP.number();

  private final FakeStack stack = FakeStack.create();
  private final Transport transport = Transport.of(stack.stack());
  private final Client client = transport.client("test");

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
  }

  private AddressFile open(String local, boolean shared) throws TransportException {
    return client.openAddress(
        Protocol.TCP, TransportAddress.parse(local), AddressOptions.DEFAULT.withShared(shared));
  }

  private static void assertStatus(Throwable thrown, Status status) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @ParameterizedTest
  @CsvSource({
    // first, shared, second, shared, status
    "0.0.0.0:80, false, 0.0.0.0:80, false, ADDRESS_ALREADY_EXISTS",
    "0.0.0.0:80, false, 192.0.2.1:80, false, ADDRESS_ALREADY_EXISTS",
    "192.0.2.1:80, false, 0.0.0.0:80, false, ADDRESS_ALREADY_EXISTS",
    "192.0.2.1:80, false, 192.0.2.1:80, true, SHARING_VIOLATION",
    "0.0.0.0:80, true, 192.0.2.1:80, false, SHARING_VIOLATION",
    "0.0.0.0:80, true, 0.0.0.0:80, false, SHARING_VIOLATION",
    "0.0.0.0:80, true, 0.0.0.0:80, true, SUCCESS",
    "0.0.0.0:80, true, 192.0.2.1:80, true, SUCCESS",
    "0.0.0.0:80, false, 0.0.0.0:81, false, SUCCESS",
    "0.0.0.0:80, false, [::]:80, false, SUCCESS",
  })
  void secondOpen(String first, boolean firstShared, String second, boolean shared, Status status)
      throws Exception {
    open(first, firstShared);
    if (status == Status.SUCCESS) {
      assertThat(open(second, shared).local()).isEqualTo(TransportAddress.parse(second));
    } else {
      assertThatThrownBy(() -> open(second, shared)).satisfies(e -> assertStatus(e, status));
    }
  }

  @Test
  void protocolsDoNotDisturbEachOther() throws Exception {
    open("0.0.0.0:80", false);

    assertThat(client.openAddress(Protocol.UDP, TransportAddress.of("0.0.0.0", 80)).protocol())
        .isEqualTo(Protocol.UDP);
  }

  @Test
  void addressIsFreeWhenTheLastHandleAndEndpointAreGone() throws Exception {
    AddressFile file = open("0.0.0.0:80", false);
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    assertThat(stack.fakePorts().references(TCP, 80)).isEqualTo(1);

    file.close();
    assertThatThrownBy(() -> open("0.0.0.0:80", false))
        .satisfies(e -> assertStatus(e, Status.ADDRESS_ALREADY_EXISTS));
    endpoint.close();

    assertThat(stack.fakePorts().references(TCP, 80)).isZero();
    open("0.0.0.0:80", false);
  }

  @Test
  void sharersHoldThePortTogether() throws Exception {
    AddressFile one = open("0.0.0.0:80", true);
    AddressFile other = open("0.0.0.0:80", true);
    assertThat(one.info().handles()).isEqualTo(2);

    one.close();
    assertThat(stack.fakePorts().references(TCP, 80)).isEqualTo(1);
    other.close();

    assertThat(stack.fakePorts().references(TCP, 80)).isZero();
  }

  @Test
  void portThatOldConnectionsHoldIsReusedUnlessForbidden() throws Exception {
    stack.fakePorts().retain(TCP, 80);
    TransportAddress local = TransportAddress.of("0.0.0.0", 80);

    assertThatThrownBy(
            () -> client.openAddress(Protocol.TCP, local, AddressOptions.DEFAULT.withReuse(false)))
        .satisfies(e -> assertStatus(e, Status.ADDRESS_ALREADY_EXISTS));
    client.openAddress(Protocol.TCP, local);

    assertThat(stack.fakePorts().references(TCP, 80)).isEqualTo(2);
  }

  @Test
  void portZeroDrawsOne() throws Exception {
    AddressFile one = open("0.0.0.0:0", false);
    AddressFile other = open("0.0.0.0:0", false);

    assertThat(one.local().port()).isBetween(Ports.FIRST_EPHEMERAL, Ports.LAST_EPHEMERAL);
    assertThat(other.local().port()).isNotEqualTo(one.local().port());
  }

  @Test
  void noPortIsLeft() throws Exception {
    stack.fakePorts().limitTo(1);
    AddressFile only = open("0.0.0.0:0", false);

    assertThatThrownBy(() -> open("0.0.0.0:0", false))
        .satisfies(e -> assertStatus(e, Status.TOO_MANY_ADDRESSES));
    only.close();

    open("0.0.0.0:0", false);
  }

  @Test
  void addressMustBeTheStacksOwn() {
    assertThatThrownBy(() -> open("192.0.2.77:80", false))
        .satisfies(e -> assertStatus(e, Status.INVALID_PARAMETER))
        .hasMessageContaining("192.0.2.77");
  }

  @Test
  void quotaLimitsAClient() throws Exception {
    Client small = transport.client("small", new Quota(1, 1, 4096));
    TransportAddress any = TransportAddress.ANY_IPV4;
    AddressFile file = small.openAddress(Protocol.TCP, any);
    assertThatThrownBy(() -> small.openAddress(Protocol.TCP, any))
        .satisfies(e -> assertStatus(e, Status.TOO_MANY_ADDRESSES));
    ConnectionEndpoint endpoint = small.openEndpoint(file, null);
    assertThatThrownBy(() -> small.openEndpoint(file, null))
        .satisfies(e -> assertStatus(e, Status.INSUFFICIENT_RESOURCES));
    endpoint.close();
    small.openEndpoint(file, null);

    var chunk = small.lease(100);
    assertThat(small.lease(100)).isNull();
    chunk.release();
    var again = small.lease(100);
    assertThat(again).isNotNull();
    again.release();
    assertThat(stack.chunksOut()).isZero();
  }
}
