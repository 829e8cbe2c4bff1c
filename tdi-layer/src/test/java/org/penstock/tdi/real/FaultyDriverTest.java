package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.testkit.netif.FaultyNetif.Call;
import static org.penstock.testkit.netif.FaultyNetif.Fault;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.netif.LinkState;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DriverView;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.Slot;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.testkit.netif.FaultyNetif;

/**
 * A driver throws or hangs, in whatever call, while a connection is busy: the next best takes over,
 * the connection goes on, and no byte is lost or repeated.
 */
@Timeout(120)
class FaultyDriverTest {

  private static final int ROUNDS = 40;

  private final TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy());
  private final Cable second = new Cable(SystemRuntime.get(), CableOptions.named("second"));
  private final Slot slot = stacks.stack(0).slot("net0");
  private final FaultyNetif faulty = new FaultyNetif(second.end(0));
  private EchoRounds transfer;

  @BeforeEach
  void startTransfer() throws Exception {
    stacks.echo(7);
    transfer = new EchoRounds(stacks.open());
    transfer.awaitMore(ROUNDS);
  }

  @AfterEach
  void closeStacks() {
    faulty.repair();
    transfer.close();
    stacks.close();
  }

  /** The calls that are made to find out whether a driver can be used. */
  static Stream<Arguments> whenAttached() {
    return each(
        List.of(Call.NAME, Call.CAPABILITIES, Call.DROPS, Call.ATTACH, Call.QUEUES, Call.LINK));
  }

  /** The calls that are made while frames go by it. */
  static Stream<Arguments> atWork() {
    return Stream.of(
        Arguments.of(Call.OPEN_TRANSMIT, Fault.THROWS),
        Arguments.of(Call.OPEN_TRANSMIT, Fault.HANGS),
        Arguments.of(Call.TRANSMIT, Fault.THROWS),
        Arguments.of(Call.TRANSMIT, Fault.HANGS),
        Arguments.of(Call.WORK, Fault.THROWS),
        Arguments.of(Call.WORK, Fault.HANGS),
        Arguments.of(Call.IDLE, Fault.THROWS));
  }

  /** The calls that end a bond; a thread that hangs in the queue is one that does not come out. */
  static Stream<Arguments> whenDetached() {
    return Stream.concat(
        each(List.of(Call.CLOSE, Call.DETACH, Call.WAKE)),
        Stream.of(Arguments.of(Call.IDLE, Fault.HANGS)));
  }

  private static Stream<Arguments> each(List<Call> calls) {
    return calls.stream()
        .flatMap(call -> Stream.of(Fault.values()).map(fault -> Arguments.of(call, fault)));
  }

  @ParameterizedTest
  @MethodSource("whenAttached")
  void theOneThatWorksStays(Call call, Fault fault) throws Exception {
    faulty.set(call, fault);

    assertThat(slot.offer(faulty, 1)).isNotNull();

    transfer.awaitMore(ROUNDS);
    assertThat(slot.view().driver()).isEqualTo(stacks.end(0).name());
    assertThat(best().role()).isEqualTo(DriverView.Role.FAILED);
    assertThat(best().reason()).contains(fault == Fault.THROWS ? "fault in " + call : "hangs");
    faulty.repair();
    String again = slot.offer(faulty, -1);
    if (fault == Fault.HANGS) {
      assertThat(again).as("an instance that hung").contains("hangs");
    } else {
      assertThat(again).as("an instance that threw").isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("atWork")
  void theNextBestTakesOver(Call call, Fault fault) throws Exception {
    boolean atFirst = call == Call.OPEN_TRANSMIT;
    if (atFirst) {
      faulty.set(call, fault);
    }
    // First the other end, since nothing is sent by a cable without link.
    assertThat(stacks.stack(1).slot("net0").offer(second.end(1), 1)).isNull();
    String refused = slot.offer(faulty, 1);
    if (!atFirst) {
      assertThat(refused).isNull();
      transfer.awaitMore(ROUNDS);
      faulty.set(call, fault);
    }
    transfer.await(() -> slot.view().driver().equals(stacks.end(0).name()));
    stacks.stack(1).slot("net0").withdraw(second.end(1));

    transfer.awaitMore(ROUNDS);
    assertThat(best().role()).isEqualTo(DriverView.Role.FAILED);
    assertThat(best().reason()).contains(fault == Fault.THROWS ? "fault in " + call : "hangs");
  }

  @ParameterizedTest
  @MethodSource("whenDetached")
  void itGoesAllTheSame(Call call, Fault fault) throws Exception {
    assertThat(slot.offer(faulty, 1)).isNull();
    assertThat(stacks.stack(1).slot("net0").offer(second.end(1), 1)).isNull();
    transfer.awaitMore(ROUNDS);
    faulty.set(call, fault);

    slot.withdraw(faulty);
    stacks.stack(1).slot("net0").withdraw(second.end(1));

    transfer.awaitMore(ROUNDS);
    assertThat(slot.view().driver()).isEqualTo(stacks.end(0).name());
    boolean lostForEver = call == Call.DETACH;
    faulty.repair();
    String again = slot.offer(faulty, -1);
    if (lostForEver) {
      assertThat(again).as("an instance that did not stop").contains("hung before");
    }
  }

  @Test
  void whoIsLostIsReplacedAndTriedAgainOnlyForWantOfAnother() throws Exception {
    assertThat(slot.offer(faulty, 1)).isNull();
    faulty.lose("it was unplugged");
    transfer.await(() -> slot.view().driver().equals(stacks.end(0).name()));
    assertThat(best().reason()).isEqualTo("it was unplugged");
    transfer.awaitMore(ROUNDS);

    slot.withdraw(stacks.end(0));
    assertThat(stacks.stack(1).slot("net0").offer(second.end(1), 1)).isNull();

    transfer.awaitMore(ROUNDS);
    assertThat(slot.view().driver()).isEqualTo("faulty-" + second.end(0).name());
  }

  @Test
  void aDriverThatHasGoneHasNoSay() throws Exception {
    assertThat(slot.offer(faulty, 1)).isNull();
    slot.withdraw(faulty);

    faulty.link(LinkState.DOWN);
    faulty.lose("too late");

    transfer.awaitMore(ROUNDS);
    assertThat(slot.view().up()).isTrue();
    assertThat(slot.view().drivers())
        .extracting(DriverView::role)
        .containsExactly(DriverView.Role.ACTIVE);
  }

  private DriverView best() {
    return slot.view().drivers().getFirst();
  }
}
