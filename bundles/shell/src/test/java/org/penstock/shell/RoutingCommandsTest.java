package org.penstock.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.RouteView;
import org.penstock.api.view.StackView;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.shell.internal.CommandException;

/** Addresses and routes changed from the shell. */
class RoutingCommandsTest {

  private final Stack stack = new StackBuilder("a").build();
  private final RoutingCommands commands = new RoutingCommands();

  @BeforeEach
  void bind() {
    stack.addSlot(SlotSettings.of("net0", "192.0.2.1/24"));
    commands.bindStack(stack, Map.of(StackView.STACK, "a"));
  }

  @AfterEach
  void close() {
    stack.close();
  }

  private void route(String words) {
    commands.route("", false, words.split(" "));
  }

  private void addr(String words) {
    commands.addr("", false, words.split(" "));
  }

  private List<RouteView> routes() {
    return stack.view().routes();
  }

  @Test
  void addsARouteByTheInterfaceOfItsGatewayAndRemovesIt() {
    route("add 203.0.113.0/24 via 192.0.2.254 metric 10");

    RouteView added =
        new RouteView(IpPrefix.parse("203.0.113.0/24"), IpAddress.parse("192.0.2.254"), "net0", 10);
    assertThat(routes()).contains(added);
    assertThat(stack.sourceFor(IpAddress.parse("203.0.113.9")))
        .isEqualTo(IpAddress.parse("192.0.2.1"));

    route("del 203.0.113.0/24 via 192.0.2.254 metric 10");
    assertThat(routes()).doesNotContain(added);
  }

  @Test
  void addsADefaultRouteAndOneOnTheLink() {
    route("add default via 192.0.2.254");
    route("add 198.51.100.0/24 dev net0");

    assertThat(routes())
        .contains(
            new RouteView(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.0.2.254"), "net0", 0),
            new RouteView(IpPrefix.parse("198.51.100.0/24"), null, "net0", 0));
  }

  @Test
  void addsAnAddressAndRemovesIt() {
    addr("add 198.51.100.9/24");
    assertThat(stack.isLocal(IpAddress.parse("198.51.100.9"))).isTrue();
    assertThat(routes()).anyMatch(each -> each.destination().toString().equals("198.51.100.0/24"));

    addr("del 198.51.100.9/24 dev net0");
    assertThat(stack.isLocal(IpAddress.parse("198.51.100.9"))).isFalse();
    assertThat(stack.isLocal(IpAddress.parse("192.0.2.1"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "add 203.0.113.0/24, needs 'via GATEWAY' or 'dev INTERFACE'",
    "add 203.0.113.0/24 via 198.51.100.1, is on the link of no interface",
    "add 203.0.113.0/24 via 198.51.100.1 dev net0, not another station",
    "add 203.0.113.0/24 via 192.0.2.1, not another station",
    "add 203.0.113.0/24 dev net7, has no interface net7",
    "add 203.0.113.0/24 dev net0 metric -1, metric '-1'",
    "add 203.0.113.0/24 dev, 'dev' without its value",
    "add 203.0.113.0/24 dev net0 mtu 1400, does not know 'mtu 1400'",
    "add 203.0.113.300/24 dev net0, 203.0.113.300",
    "del 203.0.113.0/24 dev net0, no such route",
    "del 192.0.2.0/24 dev net0, no such route",
    "flush all, 'add …' or 'del …'",
  })
  void saysWhatIsWrongWithARoute(String words, String complaint) {
    List<RouteView> before = routes();

    assertThatThrownBy(() -> route(words))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(complaint);
    assertThat(routes()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "add 192.0.2.255/24, not one a station can have",
    "add 192.0.2.1/25, held already",
    "add 198.51.100.1/24 dev net7, no interface 'net7'",
    "del 198.51.100.1/24, net0 has no address 198.51.100.1/24",
    "add, 'add …' or 'del …'",
  })
  void saysWhatIsWrongWithAnAddress(String words, String complaint) {
    assertThatThrownBy(() -> addr(words))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(complaint);
    assertThat(stack.isLocal(IpAddress.parse("192.0.2.1"))).isTrue();
  }

  @Test
  void asksForTheInterfaceWhereThereAreSeveral() {
    stack.addSlot(SlotSettings.of("net1", "198.51.100.1/24"));

    assertThatThrownBy(() -> addr("add 203.0.113.1/24"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("needs 'dev INTERFACE': there is net0, net1");
  }
}
