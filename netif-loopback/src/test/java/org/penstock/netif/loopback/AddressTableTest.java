package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.penstock.api.MacAddress;

class AddressTableTest {

  private static final long STATION = 0x0200_0000_0001L;
  private static final long AGEING = 1_000_000;

  private final AddressTable table = new AddressTable(64, AGEING);

  @Test
  void knowsWhoWasHeardWhere() {
    assertThat(table.find(STATION, 0)).isEqualTo(AddressTable.UNKNOWN);
    table.learn(STATION, 0, 0);
    table.learn(STATION + 1, 255, 0);
    assertThat(table.find(STATION, 0)).isZero();
    assertThat(table.find(STATION + 1, 0)).isEqualTo(255);
    assertThat(table.find(STATION + 2, 0)).isEqualTo(AddressTable.UNKNOWN);
    assertThat(table.known(0))
        .isEqualTo(Map.of(new MacAddress(STATION), 0, new MacAddress(STATION + 1), 255));
  }

  @Test
  void theAddressOfZerosIsNotAnEmptyPlace() {
    assertThat(table.find(0, 0)).isEqualTo(AddressTable.UNKNOWN);
    table.learn(0, 0, 0);
    assertThat(table.find(0, 0)).isZero();
  }

  @Test
  void followsAStationThatMoves() {
    table.learn(STATION, 1, 0);
    table.learn(STATION, 1, 10);
    assertThat(table.moves()).isZero();
    table.learn(STATION, 2, 20);
    assertThat(table.find(STATION, 20)).isEqualTo(2);
    assertThat(table.moves()).isEqualTo(1);
    assertThat(table.known(20)).hasSize(1);
  }

  @Test
  void forgetsWhoHasBeenSilent() {
    table.learn(STATION, 1, 0);
    assertThat(table.find(STATION, AGEING)).isEqualTo(1);
    assertThat(table.find(STATION, AGEING + 1)).isEqualTo(AddressTable.UNKNOWN);
    assertThat(table.known(AGEING + 1)).isEmpty();
  }

  @Test
  void whoIsHeardStays() {
    for (long now = 0; now <= 10 * AGEING; now += AGEING / 2) {
      table.learn(STATION, 1, now);
    }
    assertThat(table.find(STATION, 10 * AGEING + AGEING / 2)).isEqualTo(1);
  }

  @Test
  void forgetsAPort() {
    table.learn(STATION, 1, 0);
    table.learn(STATION + 1, 2, 0);
    table.forget(1);
    assertThat(table.known(0)).isEqualTo(Map.of(new MacAddress(STATION + 1), 2));
  }

  @Test
  void aFloodOfStationsDrivesNobodyOut() {
    AddressTable small = new AddressTable(8, AGEING);
    for (int i = 0; i < 8; i++) {
      small.learn(STATION + i, i, 0);
    }
    for (int i = 8; i < 1000; i++) {
      small.learn(STATION + i, 9, 10);
    }
    assertThat(small.unlearned()).isEqualTo(992);
    assertThat(small.known(10)).hasSize(8);
    for (int i = 0; i < 8; i++) {
      assertThat(small.find(STATION + i, 10)).isEqualTo(i);
    }
    // Who has aged makes room for who is heard.
    small.learn(STATION + 500, 3, AGEING + 1);
    assertThat(small.find(STATION + 500, AGEING + 1)).isEqualTo(3);
    assertThat(small.known(AGEING + 1)).hasSize(1);
  }

  @Test
  void stationsOfOneMakerFillTheTable() {
    AddressTable large = new AddressTable(1000, AGEING);
    for (int i = 0; i < 512; i++) {
      large.learn(STATION + i, 1, 0);
    }
    assertThat(large.known(0)).as("half of 1024 places").hasSizeGreaterThan(500);
  }

  /** Many threads hear the same stations: each station is known once, behind one of its ports. */
  @Test
  void learnsFromManyThreads() throws Exception {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int port = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 50_000; i++) {
                  long station = STATION + i % 16;
                  table.learn(station, port, i);
                  int found = table.find(station, i);
                  if (found < AddressTable.UNKNOWN || found > 3) {
                    failures.add(new AssertionError("port " + found));
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(table.known(50_000)).hasSize(16);
    for (int i = 0; i < 16; i++) {
      table.learn(STATION + i, 7, 50_000);
    }
    assertThat(table.known(50_000).values()).as("each known once").containsOnly(7);
  }
}
