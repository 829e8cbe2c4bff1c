package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {
  private final TcpOptions options = new TcpOptions();

  private TcpOptions parse(String hex) {
    MemorySegment segment = Samples.hex(hex);
    options.parse(segment, 0, (int) segment.byteSize());
    return options;
  }

  @Test
  void startsWithNone() {
    assertNone(new TcpOptions());
  }

  private static void assertNone(TcpOptions options) {
    assertThat(options.hasMaximumSegmentSize()).isFalse();
    assertThat(options.maximumSegmentSize()).isZero();
    assertThat(options.hasWindowScale()).isFalse();
    assertThat(options.windowScale()).isZero();
    assertThat(options.isSackPermitted()).isFalse();
    assertThat(options.sackBlocks()).isZero();
    assertThat(options.hasTimestamps()).isFalse();
    assertThat(options.timestampValue()).isZero();
    assertThat(options.timestampEchoReply()).isZero();
    assertThat(options.userTimeoutSeconds()).isZero();
    assertThat(options.isMalformed()).isFalse();
  }

  @Test
  void readsThoseOfASyn() {
    parse("020405b4 0402 080a 00112233 44556677 01 030307");
    assertThat(options.maximumSegmentSize()).isEqualTo(1460);
    assertThat(options.isSackPermitted()).isTrue();
    assertThat(options.timestampValue()).isEqualTo(0x00112233);
    assertThat(options.timestampEchoReply()).isEqualTo(0x44556677);
    assertThat(options.hasWindowScale()).isTrue();
    assertThat(options.windowScale()).isEqualTo(7);
    assertThat(options.isMalformed()).isFalse();
  }

  @Test
  void readsAlignedTimestampsAndSack() {
    parse("0101080a 00000001 00000002");
    assertThat(options.hasTimestamps()).isTrue();
    assertThat(options.timestampValue()).isEqualTo(1);
    assertThat(options.timestampEchoReply()).isEqualTo(2);

    parse("0101080a 00000003 00000004 0101 0512 0000000a 00000014 fffffff0 00000005");
    assertThat(options.timestampValue()).isEqualTo(3);
    assertThat(options.sackBlocks()).isEqualTo(2);
    assertThat(options.sackLeft(0)).isEqualTo(10);
    assertThat(options.sackRight(0)).isEqualTo(20);
    assertThat(options.sackLeft(1)).isEqualTo(0xfffffff0);
    assertThat(options.sackRight(1)).isEqualTo(5);
  }

  @Test
  void readsUserTimeouts() {
    assertThat(parse("1c04003c").userTimeoutSeconds()).isEqualTo(60);
    assertThat(parse("1c04 8002").userTimeoutSeconds()).isEqualTo(120);
    assertThat(parse("1c04 ffff").userTimeoutSeconds()).isEqualTo(32_767 * 60);
  }

  @Test
  void clampsTheWindowScale() {
    assertThat(parse("01030300").hasWindowScale()).isTrue();
    assertThat(parse("01030300").windowScale()).isZero();
    assertThat(parse("0103030e").windowScale()).isEqualTo(14);
    assertThat(parse("0103030f").windowScale()).isEqualTo(14);
    assertThat(parse("010303ff").windowScale()).isEqualTo(14);
  }

  @Test
  void forgetsTheSegmentBefore() {
    parse("020405b4 0402 080a 00112233 44556677 01 030307 1c04 0001");
    parse("01010101");
    assertNone(options);
    parse("0101050a 0000000a 00000014");
    parse("");
    assertNone(options);
  }

  @Test
  void skipsWhatItDoesNotKnow() {
    parse("fd06 f989 0000 020405b4");
    assertThat(options.maximumSegmentSize()).isEqualTo(1460);
    assertThat(options.isMalformed()).isFalse();
  }

  @Test
  void skipsKnownOptionsOfAnotherLength() {
    parse("0203ff 03040707 040300 050400ff 08040000 1c0300 020405b4");
    assertThat(options.maximumSegmentSize()).isEqualTo(1460);
    assertThat(options.hasWindowScale()).isFalse();
    assertThat(options.isSackPermitted()).isFalse();
    assertThat(options.sackBlocks()).isZero();
    assertThat(options.hasTimestamps()).isFalse();
    assertThat(options.userTimeoutSeconds()).isZero();
    assertThat(options.isMalformed()).isFalse();
  }

  @Test
  void ignoresAMaximumSegmentSizeOfZero() {
    assertThat(parse("02040000").hasMaximumSegmentSize()).isFalse();
  }

  @Test
  void takesTheLaterOfTwo() {
    assertThat(parse("02040001 020405b4").maximumSegmentSize()).isEqualTo(1460);
  }

  @Test
  void stopsAtTheEnd() {
    parse("020405b4 00 030307");
    assertThat(options.hasWindowScale()).isFalse();
    assertThat(options.isMalformed()).isFalse();
  }

  @Test
  void survivesImpossibleLengths() {
    for (String bad : new String[] {"0200", "0201", "fe00", "fe01", "02", "0204", "020405", "fd"}) {
      // RFC 9293 §3.1: what stood before the bad option counts.
      String hex = "0402" + bad;
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> parse(hex), hex);
      assertThat(options.isMalformed()).as(hex).isTrue();
      assertThat(options.isSackPermitted()).as(hex).isTrue();
      assertThat(options.hasMaximumSegmentSize()).as(hex).isFalse();
      assertThat(TcpOption.parse(Samples.hex(hex), 0, hex.length() / 2))
          .as(hex)
          .containsExactly(new TcpOption.SackPermitted());
    }
    // RFC 9293 §3.1: nothing behind a length of zero can be found.
    assertThat(parse("0200 030307").hasWindowScale()).isFalse();
  }

  @Test
  void readsNothingBehindItsLength() {
    MemorySegment segment = Samples.hex("020405b4");
    for (int length = 1; length < 4; length++) {
      options.parse(segment, 0, length);
      assertThat(options.isMalformed()).isTrue();
      assertThat(options.hasMaximumSegmentSize()).isFalse();
    }
  }

  @Test
  void agreesWithTheValues() {
    for (int seed = 0; seed < 5000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<TcpOption> values = Samples.options(random);
      int length = TcpOption.lengthOf(values) + 3 & ~3;
      MemorySegment segment = Samples.zeros(length);
      TcpOption.writeTo(values, segment, 0);
      options.parse(segment, 0, length);
      assertAgree(values, options, "seed " + seed);
    }
  }

  private static void assertAgree(List<TcpOption> values, TcpOptions options, String seed) {
    int maximumSegmentSize = 0;
    int windowScale = -1;
    boolean sackPermitted = false;
    TcpOption.Timestamps timestamps = null;
    List<TcpOption.SackBlock> blocks = List.of();
    int userTimeout = 0;
    for (TcpOption value : values) {
      switch (value) {
        case TcpOption.MaximumSegmentSize m -> maximumSegmentSize = m.bytes();
        case TcpOption.WindowScale w -> windowScale = Math.min(14, w.shift());
        case TcpOption.SackPermitted p -> sackPermitted = true;
        case TcpOption.Sack s -> blocks = s.blocks();
        case TcpOption.Timestamps t -> timestamps = t;
        case TcpOption.UserTimeout u -> userTimeout = u.value() * (u.minutes() ? 60 : 1);
        case TcpOption.Unknown u -> {}
      }
    }
    assertThat(options.isMalformed()).as(seed).isFalse();
    assertThat(options.maximumSegmentSize()).as(seed).isEqualTo(maximumSegmentSize);
    assertThat(options.hasWindowScale()).as(seed).isEqualTo(windowScale >= 0);
    assertThat(options.windowScale()).as(seed).isEqualTo(Math.max(0, windowScale));
    assertThat(options.isSackPermitted()).as(seed).isEqualTo(sackPermitted);
    assertThat(options.userTimeoutSeconds()).as(seed).isEqualTo(userTimeout);
    assertThat(options.hasTimestamps()).as(seed).isEqualTo(timestamps != null);
    if (timestamps != null) {
      assertThat(options.timestampValue()).as(seed).isEqualTo(timestamps.value());
      assertThat(options.timestampEchoReply()).as(seed).isEqualTo(timestamps.echoReply());
    }
    assertThat(options.sackBlocks()).as(seed).isEqualTo(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      assertThat(options.sackLeft(i)).as(seed).isEqualTo(blocks.get(i).left());
      assertThat(options.sackRight(i)).as(seed).isEqualTo(blocks.get(i).right());
    }
  }

  @Test
  void readsWhatTheWriterWrites() {
    MemorySegment segment = Samples.zeros(40);
    int at = TcpOptionWriter.maximumSegmentSize(segment, 0, 1460);
    at += TcpOptionWriter.windowScale(segment, at, 7);
    at += TcpOptionWriter.sackPermitted(segment, at);
    at += TcpOptionWriter.timestamps(segment, at, -1, 12);
    at += TcpOptionWriter.userTimeout(segment, at, 300);
    assertThat(at).isEqualTo(28);
    options.parse(segment, 0, at);
    assertAgree(
        List.of(
            new TcpOption.MaximumSegmentSize(1460),
            new TcpOption.WindowScale(7),
            new TcpOption.SackPermitted(),
            new TcpOption.Timestamps(-1, 12),
            new TcpOption.UserTimeout(false, 300)),
        options,
        "all but SACK");

    int[] edges = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int blocks = 0; blocks <= 4; blocks++) {
      int length = TcpOptionWriter.sack(segment, 0, edges, blocks);
      assertThat(length).isEqualTo(TcpOptionWriter.sackLength(blocks));
      options.parse(segment, 0, length);
      assertThat(options.sackBlocks()).isEqualTo(blocks);
      for (int i = 0; i < blocks; i++) {
        assertThat(options.sackLeft(i)).isEqualTo(2 * i + 1);
        assertThat(options.sackRight(i)).isEqualTo(2 * i + 2);
      }
    }
  }

  @Test
  void writesLongUserTimeoutsInMinutes() {
    MemorySegment segment = Samples.zeros(4);
    for (int[] pair :
        new int[][] {{32_767, 32_767}, {32_768, 547 * 60}, {Integer.MAX_VALUE, 32_767 * 60}}) {
      TcpOptionWriter.userTimeout(segment, 0, pair[0]);
      options.parse(segment, 0, 4);
      assertThat(options.userTimeoutSeconds()).isEqualTo(pair[1]);
    }
  }
}
