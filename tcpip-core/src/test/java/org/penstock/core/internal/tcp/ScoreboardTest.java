package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in flight, as ranges: RFC 6675 §3 (the scoreboard), RFC 2018 §5 and §8. */
class ScoreboardTest {

  private static final int SIZE = 100;

  private final Transmissions table = new Transmissions();
  private final Scoreboard board = new Scoreboard(table);
  private final Delivery delivery = new Delivery();
  private int first = 1_000;
  private int next = 1_000;
  private long now = 1;

  private int send(int bytes) {
    int entry = board.sent(next, bytes, SIZE, now);
    next += bytes;
    check();
    return entry;
  }

  private long acknowledge(int upTo) {
    delivery.begin(now, 0, first, next);
    board.acknowledge(upTo, delivery);
    first = upTo;
    check();
    return delivery.bytes();
  }

  private long sack(int left, int right) {
    delivery.begin(now, 0, first, next);
    board.selectivelyAcknowledge(left, right, delivery);
    check();
    return delivery.bytes();
  }

  private void check() {
    assertThat(board.check(first, next)).isNull();
  }

  @Test
  void aSuperSegmentIsOneEntryAndGivenBackWhenAcknowledged() {
    send(44 * SIZE);
    send(44 * SIZE);
    assertThat(table.inUse()).isEqualTo(2);
    assertThat(acknowledge(1_000 + 10 * SIZE)).isEqualTo(10 * SIZE);
    assertThat(table.inUse()).isEqualTo(2);
    assertThat(acknowledge(1_000 + 88 * SIZE)).isEqualTo(78 * SIZE);
    assertThat(board.isEmpty()).isTrue();
    assertThat(table.inUse()).isZero();
  }

  @Test
  void aSelectiveAcknowledgementCutsASuperSegment() {
    send(10 * SIZE);
    assertThat(sack(1_200, 1_400)).isEqualTo(200);
    assertThat(table.inUse()).isEqualTo(3);
    assertThat(board.sacked()).isEqualTo(200);
    assertThat(board.sackedSegments()).isEqualTo(2);
    assertThat(board.highestSacked()).isEqualTo(1_400);
    // The same once more tells nothing, what extends it tells what is new.
    assertThat(sack(1_200, 1_400)).isZero();
    assertThat(sack(1_200, 1_500)).isEqualTo(100);
    assertThat(table.inUse()).isEqualTo(3);
  }

  @Test
  void neighboursThatHaveArrivedBecomeOne() {
    for (int i = 0; i < 10; i++) {
      send(SIZE);
    }
    sack(1_100, 1_200);
    sack(1_300, 1_400);
    assertThat(table.inUse()).isEqualTo(10);
    sack(1_200, 1_300);
    assertThat(table.inUse()).isEqualTo(8);
    assertThat(board.sackedSegments()).isEqualTo(3);
    assertThat(acknowledge(1_400)).isEqualTo(100);
    assertThat(board.sacked()).isZero();
    assertThat(board.sackedSegments()).isZero();
  }

  @Test
  void aPartOfASegmentHasNotArrived() {
    send(4 * SIZE);
    assertThat(sack(1_150, 1_199)).isZero();
    assertThat(sack(1_150, 1_250)).isZero();
    assertThat(sack(1_150, 1_350)).isEqualTo(100);
    assertThat(board.sacked()).isEqualTo(100);
    // The last one of an entry may be short.
    send(30);
    assertThat(sack(1_400, 1_429)).isZero();
    assertThat(sack(1_400, 1_430)).isEqualTo(30);
  }

  @Test
  void everySecondByteDoesNotMakeManyEntries() {
    send(100 * SIZE);
    for (int i = 0; i < 100 * SIZE; i += 2) {
      sack(1_000 + i, 1_001 + i);
    }
    assertThat(table.inUse()).isEqualTo(1);
  }

  @Test
  void whatIsLostIsGivenOutInPiecesAndNeighboursTogether() {
    send(SIZE);
    send(SIZE);
    send(10 * SIZE);
    assertThat(board.firstLost(500)).isEqualTo(Scoreboard.NONE);
    board.loseAll();
    check();
    assertThat(board.lost()).isEqualTo(12 * SIZE);
    int entry = board.firstLost(300);
    assertThat(board.from(entry)).isEqualTo(1_000);
    assertThat(board.length(entry)).isEqualTo(300);
    board.sentAgain(entry, SIZE, ++now);
    check();
    assertThat(board.isRetransmitted(entry)).isTrue();
    assertThat(board.lost()).isEqualTo(9 * SIZE);
    assertThat(board.from(board.firstLost(300))).isEqualTo(1_300);
  }

  @Test
  void theOrderOfTimeIsThatOfTheLastTransmission() {
    int a = send(SIZE);
    now++;
    int b = send(SIZE);
    assertThat(board.oldest()).isEqualTo(a);
    board.lose(a);
    assertThat(board.oldest()).isEqualTo(b);
    now++;
    board.sentAgain(a, SIZE, now);
    check();
    assertThat(board.oldest()).isEqualTo(b);
    assertThat(board.later(b)).isEqualTo(a);
  }

  @Test
  void whatWasNotLostAfterAllIsWhereItsTimePutIt() {
    for (int i = 0; i < 5; i++) {
      now++;
      send(SIZE);
    }
    int oldest = board.oldest();
    board.loseFirst(SIZE);
    board.loseAll();
    board.sentAgain(board.firstLost(SIZE), SIZE, ++now);
    board.restore();
    check();
    assertThat(board.lost()).isZero();
    assertThat(board.from(board.oldest())).isEqualTo(1_100);
    assertThat(board.later(board.oldest())).isNotEqualTo(oldest);
  }

  @Test
  void aPeerThatRenegesHasNothingAboveItsAcknowledgement() {
    send(4 * SIZE);
    sack(1_100, 1_300);
    board.forgetSacked();
    check();
    assertThat(board.sacked()).isZero();
    assertThat(board.lost()).isEqualTo(200);
  }

  @Test
  void clearGivesEverythingBack() {
    send(10 * SIZE);
    send(SIZE);
    sack(1_200, 1_300);
    board.loseFirst(SIZE);
    board.clear();
    assertThat(table.inUse()).isZero();
    assertThat(board.isEmpty()).isTrue();
    first = next;
    check();
  }

  @Test
  void manyEntriesAreGivenUpWhenNoneIsUsed() {
    for (int i = 0; i < 10_000; i++) {
      send(1);
    }
    assertThat(table.capacity()).isGreaterThanOrEqualTo(10_000);
    acknowledge(next);
    assertThat(table.capacity()).isZero();
    send(1);
    assertThat(table.capacity()).isPositive();
    acknowledge(next);
    assertThat(table.capacity()).isPositive();
  }

  /** Against a model that knows each segment on its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void anythingAtRandomAgreesWithTheModel(int seed) {
    Random random = new Random(seed);
    next = seed * 0x20000000 - 50_000;
    first = next;
    // 0 in flight, 1 sacked, 2 lost, by segment from the beginning.
    int start = next;
    StringBuilder model = new StringBuilder();
    int acknowledged = 0;
    for (int step = 0; step < 4_000; step++) {
      now += random.nextInt(3);
      int flight = model.length() - acknowledged;
      int from = flight == 0 ? 0 : acknowledged + random.nextInt(flight);
      int to = flight == 0 ? 0 : from + 1 + random.nextInt(Math.min(20, model.length() - from));
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          if (flight < 200) {
            int segments = 1 + random.nextInt(44);
            send(segments * SIZE);
            model.append("0".repeat(segments));
          }
        }
        case 2 -> {
          if (flight > 0) {
            int upTo = acknowledged + random.nextInt(Math.min(flight, 30) + 1);
            long fresh = model.substring(acknowledged, upTo).chars().filter(c -> c != '1').count();
            assertThat(acknowledge(start + upTo * SIZE)).isEqualTo(fresh * SIZE);
            acknowledged = upTo;
          }
        }
        case 3 -> {
          if (flight > 0) {
            long fresh = model.substring(from, to).chars().filter(c -> c != '1').count();
            assertThat(sack(start + from * SIZE, start + to * SIZE)).isEqualTo(fresh * SIZE);
            model.replace(from, to, "1".repeat(to - from));
          }
        }
        case 4 -> {
          int oldest = board.oldest();
          if (oldest != Scoreboard.NONE) {
            int at = (board.from(oldest) - start) / SIZE;
            int segments = board.length(oldest) / SIZE;
            board.lose(oldest);
            model.replace(at, at + segments, "2".repeat(segments));
          }
        }
        default -> {
          int lost = board.firstLost((1 + random.nextInt(10)) * SIZE);
          int expected = model.indexOf("2", acknowledged);
          assertThat(lost == Scoreboard.NONE).isEqualTo(expected < 0);
          if (expected >= 0) {
            assertThat(board.from(lost)).isEqualTo(start + expected * SIZE);
            int segments = board.length(lost) / SIZE;
            board.sentAgain(lost, SIZE, now);
            model.replace(expected, expected + segments, "0".repeat(segments));
          }
        }
      }
      check();
      String flying = model.substring(acknowledged);
      assertThat(board.sacked()).isEqualTo(flying.chars().filter(c -> c == '1').count() * SIZE);
      assertThat(board.lost()).isEqualTo(flying.chars().filter(c -> c == '2').count() * SIZE);
      assertThat(board.sackedSegments() * SIZE).isEqualTo((int) board.sacked());
    }
    assertThat(model.length()).isGreaterThan(1_000);
  }
}
