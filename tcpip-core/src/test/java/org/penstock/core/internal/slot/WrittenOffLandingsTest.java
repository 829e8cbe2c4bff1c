package org.penstock.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;

/** What a driver was lent that did not stop is never given to anybody else. */
@Timeout(60)
class WrittenOffLandingsTest {

  private static final int LENT = 8;

  private final Stack stack =
      new StackBuilder("written-off").strategy(new GlobalLockStrategy()).build();
  private final Slot slot = stack.addSlot(SlotSettings.of("net0", "192.0.2.1/24"));

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void ofOneThatStopsTheyComeBack() {
    Pushing driver = new Pushing(true);
    assertThat(slot.offer(driver, 0)).isNull();
    driver.open();
    assertThat(landingsOut()).isEqualTo(LENT);

    slot.withdraw(driver);

    assertThat(landingsOut()).isZero();
    assertThat(slot.offer(driver, 0)).isNull();
  }

  @Test
  void ofOneThatDoesNotTheyStayOutAndItIsNotHeardAgain() {
    Pushing driver = new Pushing(false);
    assertThat(slot.offer(driver, 0)).isNull();
    ReceivePort port = driver.open();

    slot.withdraw(driver);
    port.landings()[0].describe(0, 60, 0);
    port.deliver(1);
    port.giveBack();
    driver.lateLink();

    assertThat(landingsOut()).isEqualTo(LENT);
    assertThat(slot.view().receivedFrames()).isZero();
    assertThat(slot.view().up()).isFalse();
    assertThat(slot.offer(driver, 0)).as("that instance").contains("hung before");
    assertThat(slot.offer(new Pushing(true), 0)).as("another").isNull();
  }

  private long landingsOut() {
    return stack.view().memory().landingsTotal() - stack.view().memory().landingsFree();
  }

  /** A driver without queues. */
  private static final class Pushing implements Netif, NetifAttachment {
    private final boolean stops;
    private @Nullable NetifHost host;
    private @Nullable ReceivePort port;

    Pushing(boolean stops) {
      this.stops = stops;
    }

    ReceivePort open() {
      port = host.openReceive(0, LENT);
      return port;
    }

    void lateLink() {
      host.linkChanged(LinkState.UP);
    }

    @Override
    public String name() {
      return "pushing";
    }

    @Override
    public NetifCapabilities capabilities() {
      return NetifCapabilities.plain(LinkType.ETHERNET, 1500);
    }

    @Override
    public NetifAttachment attach(NetifHost to) {
      host = to;
      return this;
    }

    @Override
    public List<QueueAgent> queues() {
      return List.of();
    }

    @Override
    public TransmitPort openTransmit() {
      throw new AssertionError("the link was never up");
    }

    @Override
    public LinkState link() {
      return LinkState.DOWN;
    }

    @Override
    public void multicast(MulticastFilter filter) {}

    @Override
    public boolean detach(long deadlineNanos) {
      if (stops && port != null) {
        port.giveBack();
      }
      return stops;
    }
  }
}
