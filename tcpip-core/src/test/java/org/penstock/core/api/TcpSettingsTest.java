package org.penstock.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import org.junit.jupiter.api.Test;

class TcpSettingsTest {

  /** Everything another value than by default, all of them different. */
  private static TcpSettings unusual() {
    return TcpSettings.DEFAULT
        .withNoDelay(true)
        .withKeepAlive(1, 2, 3)
        .withUserTimeout(4)
        .withUserTimeoutOption(true)
        .withLinger(5)
        .withBuffers(6, 7)
        .withCongestion("8")
        .withIp(new IpSettings(9, 10))
        .withRetransmissions(11, 12);
  }

  @Test
  void eachChangeKeepsEverythingElse() {
    assertThat(unusual().withNoDelay(false).withNoDelay(true)).isEqualTo(unusual());
    assertThat(unusual().withKeepAlive(9).withKeepAlive(1)).isEqualTo(unusual());
    assertThat(unusual().withUserTimeout(9).withUserTimeout(4)).isEqualTo(unusual());
    assertThat(unusual().withUserTimeoutOption(false).withUserTimeoutOption(true))
        .isEqualTo(unusual());
    assertThat(unusual().withLinger(9).withLinger(5)).isEqualTo(unusual());
    assertThat(unusual().withBuffers(8, 9).withBuffers(6, 7)).isEqualTo(unusual());
    assertThat(unusual().withRetransmissions(0, 0).withRetransmissions(11, 12))
        .isEqualTo(unusual());
    assertThat(unusual().withCongestion("9").withCongestion("8")).isEqualTo(unusual());
    assertThat(unusual().withIp(IpSettings.DEFAULT).withIp(new IpSettings(9, 10)))
        .isEqualTo(unusual());
  }

  @Test
  void everySettingCanBeChanged() throws ReflectiveOperationException {
    for (RecordComponent setting : TcpSettings.class.getRecordComponents()) {
      assertThat(setting.getAccessor().invoke(unusual()))
          .as(setting.getName())
          .isNotEqualTo(setting.getAccessor().invoke(TcpSettings.DEFAULT));
    }
  }

  @Test
  void negativeValuesAreRefusedByName() {
    assertThatThrownBy(() -> unusual().withLinger(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TCP setting lingerNanos must not be negative: -1");
    assertThatThrownBy(() -> unusual().withKeepAlive(1, 1, -2)).hasMessageContaining("Probes");
    assertThatThrownBy(() -> unusual().withBuffers(-1, 0)).hasMessageContaining("sendBuffer");
  }
}
