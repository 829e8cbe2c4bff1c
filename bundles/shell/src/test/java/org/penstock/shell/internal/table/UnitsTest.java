package org.penstock.shell.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers with units. */
class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1048524, 1023.9 KiB",
    "1048575, 1.0 MiB",
    "536870912, 512.0 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void bytes(long bytes, String shown) {
    assertThat(Units.bytes(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ns",
    "999, 999 ns",
    "1500, 1.50 us",
    "999000, 999 us",
    "1250000, 1.25 ms",
    "12345678901, 12.3 s",
    "119000000000, 119 s",
    "300000000000, 5 min",
    "7200000000000, 2 h"
  })
  void time(long nanos, String shown) {
    assertThat(Units.time(nanos)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000, 0.00 bit/s",
    "125000000, 1000000000, 1.00 Gbit/s",
    "117125000, 1000000000, 937 Mbit/s",
    "1, 0, -"
  })
  void rate(long bytes, long nanos, String shown) {
    assertThat(Units.rate(bytes, nanos)).isEqualTo(shown);
  }
}
