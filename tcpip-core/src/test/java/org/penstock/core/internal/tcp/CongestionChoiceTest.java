package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.core.api.TcpSettings;

/** A connection goes from one congestion control to another while it lives. */
class CongestionChoiceTest extends TcpScript {

  /** Adds a segment at each acknowledgement, and writes down what it was given. */
  private static final class Recording implements CongestionControl {
    private final String name;
    private int starts;
    private long windowAtStart;
    private long thresholdAtStart;
    private long wordAtStart;
    private int acknowledgements;

    Recording(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int words() {
      return 1;
    }

    @Override
    public void start(CongestionState state, long nowNanos) {
      starts++;
      windowAtStart = state.window();
      thresholdAtStart = state.threshold();
      wordAtStart = state.word(0);
      state.word(0, 42);
      state.pacingRate(1_000_000_000_000L);
    }

    @Override
    public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {
      acknowledgements++;
      state.window(state.window() + state.segmentSize());
    }

    @Override
    public void event(CongestionState state, CongestionEvent event, long nowNanos) {}
  }

  private final Recording first = new Recording("first");
  private final Recording second = new Recording("second");

  private void roundTrip() {
    int sent = connection.sender().next() - connection.sender().initial();
    send(1460, sent);
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(sent + 1460).send();
  }

  private String name() {
    return connection.view().congestion();
  }

  private CongestionState congestion() {
    return connection.sender().congestion().state();
  }

  @Test
  void aConnectionFollowsTheStackFromItsNextAcknowledgementOn() {
    connected();
    congestion().threshold(30 * 1460);
    roundTrip();
    host.congestion.add(first);
    host.congestion.prefer("first");
    assertThat(name()).isEqualTo("first");
    long window = congestion().window();
    roundTrip();
    assertThat(first.starts).isEqualTo(1);
    assertThat(first.windowAtStart).isEqualTo(window);
    assertThat(first.thresholdAtStart).isEqualTo(30 * 1460);
    assertThat(first.wordAtStart).isZero();
    assertThat(first.acknowledgements).isEqualTo(1);
    roundTrip();
    assertThat(first.starts).isEqualTo(1);
  }

  @Test
  void whatTheFormerOneRememberedIsForgotten() {
    host.congestion.add(first);
    host.congestion.add(second);
    host.congestion.prefer("first");
    connected();
    assertThat(congestion().word(0)).isEqualTo(42);
    host.congestion.prefer("second");
    roundTrip();
    assertThat(second.starts).isEqualTo(1);
    assertThat(second.wordAtStart).isZero();
    host.congestion.prefer("newreno");
    roundTrip();
    assertThat(congestion().pacingRate()).isZero();
  }

  @Test
  void whenItsBundleGoesTheBuiltInOneTakesOver() {
    host.congestion.add(first);
    host.congestion.prefer("first");
    connected();
    roundTrip();
    long window = congestion().window();
    host.congestion.remove(first);
    assertThat(name()).isEqualTo("newreno");
    roundTrip();
    assertThat(first.acknowledgements).isEqualTo(1);
    assertThat(congestion().window()).isGreaterThanOrEqualTo(window);
    assertThat(congestion().pacingRate()).isZero();
  }

  @Test
  void aSettingOfTheConnectionsOwnGoesBeforeTheStacksChoice() {
    host.congestion.add(first);
    host.congestion.add(second);
    host.congestion.prefer("first");
    settings = TcpSettings.DEFAULT.withCongestion("second");
    connected();
    assertThat(name()).isEqualTo("second");
    host.congestion.prefer("newreno");
    roundTrip();
    assertThat(second.acknowledgements).isEqualTo(1);
    assertThat(first.starts).isZero();
    host.inside(() -> connection.settings(TcpSettings.DEFAULT));
    assertThat(name()).isEqualTo("newreno");
  }

  @Test
  void aNameThatIsNotThereStandsForTheStacksUntilItComes() {
    settings = TcpSettings.DEFAULT.withCongestion("first");
    connected();
    assertThat(name()).isEqualTo("newreno");
    host.congestion.add(first);
    roundTrip();
    assertThat(name()).isEqualTo("first");
    assertThat(first.acknowledgements).isEqualTo(1);
  }

  @Test
  void oneConnectionIsChangedByItsAddresses() {
    host.congestion.add(first);
    connected();
    TransportAddress local = connection.local();
    host.inside(
        () -> assertThat(host.tcp.congestion(0, local, connection.remote(), "first")).isTrue());
    assertThat(name()).isEqualTo("first");
    assertThat(first.starts).isEqualTo(1);
    TransportAddress other = new TransportAddress(local.address(), 9);
    assertThat(host.tcp.congestion(0, other, connection.remote(), "first")).isFalse();
  }

  @Test
  void eachConnectionHasItsOwn() {
    host.congestion.add(first);
    host.congestion.prefer("first");
    listening(8);
    synReceived();
    assertThat(host.views()).filteredOn(view -> view.congestion().equals("first")).hasSize(1);
    peer.segment("A").seq(1).ack(1).send();
    assertThat(first.starts).isEqualTo(1);
  }
}
