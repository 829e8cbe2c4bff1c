package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.TcpOption;

/**
 * The other end of a connection, played by a test: a script of segments. Sequence numbers are
 * relative, 0 is the SYN of each side; windows are not scaled unless said.
 */
final class Peer {

  final Host host;
  final IpAddress address = IpAddress.parse("192.0.2.2");
  final int port;
  final int localPort;
  int iss = 5_000;
  int theirIss;
  int window = 65_535;

  Peer(Host host, int localPort, int port) {
    this.host = host;
    this.localPort = localPort;
    this.port = port;
  }

  TransportAddress transport() {
    return new TransportAddress(address, port);
  }

  static int flags(String letters) {
    int flags = 0;
    for (char letter : letters.toCharArray()) {
      flags |=
          switch (letter) {
            case 'F' -> TcpFlags.FIN;
            case 'S' -> TcpFlags.SYN;
            case 'R' -> TcpFlags.RST;
            case 'P' -> TcpFlags.PSH;
            case 'A' -> TcpFlags.ACK;
            case 'U' -> TcpFlags.URG;
            case 'E' -> TcpFlags.ECE;
            case 'W' -> TcpFlags.CWR;
            default -> throw new IllegalArgumentException(letters);
          };
    }
    return flags;
  }

  /** Begins a segment to inject. */
  Inject segment(String flags) {
    return new Inject(flags(flags));
  }

  final class Inject {
    private final int flags;
    private final List<TcpOption> options = new ArrayList<>();
    private int sequence = iss;
    private int acknowledgment;
    private int win = window;
    private int urgent;
    private byte[] text = {};
    private int gso;
    private int ecn;
    private int dscp;

    Inject(int flags) {
      this.flags = flags;
    }

    Inject seq(int relative) {
      sequence = iss + relative;
      return this;
    }

    Inject ack(int relative) {
      acknowledgment = theirIss + relative;
      return this;
    }

    Inject win(int field) {
      win = field;
      return this;
    }

    Inject urgent(int pointer) {
      urgent = pointer;
      return this;
    }

    Inject text(String ascii) {
      text = ascii.getBytes(StandardCharsets.US_ASCII);
      return this;
    }

    Inject text(int bytes) {
      return text(bytes, 0);
    }

    /** Bytes whose value tells their place in the stream. */
    Inject text(int bytes, int from) {
      text = pattern(bytes, from);
      return this;
    }

    /** With the ECN field of the IP header. */
    Inject ecn(int codepoint) {
      ecn = codepoint;
      return this;
    }

    /** With that DiffServ codepoint in the IP header. */
    Inject dscp(int codepoint) {
      dscp = codepoint;
      return this;
    }

    Inject gso(int size) {
      gso = size;
      return this;
    }

    Inject mss(int bytes) {
      options.add(new TcpOption.MaximumSegmentSize(bytes));
      return this;
    }

    Inject scale(int shift) {
      options.add(new TcpOption.WindowScale(shift));
      return this;
    }

    /** TSval and TSecr. */
    Inject stamps(int value, int echo) {
      return option(new TcpOption.Timestamps(value, echo));
    }

    Inject sackPermitted() {
      return option(new TcpOption.SackPermitted());
    }

    /** SACK blocks: left and right edge of each, relative. */
    Inject sack(int... relative) {
      List<TcpOption.SackBlock> blocks = new ArrayList<>();
      for (int i = 0; i < relative.length; i += 2) {
        blocks.add(new TcpOption.SackBlock(theirIss + relative[i], theirIss + relative[i + 1]));
      }
      return option(new TcpOption.Sack(blocks));
    }

    Inject option(TcpOption option) {
      options.add(option);
      return this;
    }

    /** Delivers it, and goes on in the same occupation. */
    boolean deliver() {
      TcpHeader header =
          new TcpHeader(port, localPort, sequence, acknowledgment, flags, win, urgent, options);
      host.ecn = ecn;
      host.dscp = dscp;
      try {
        return host.deliver(address, header, text, gso);
      } finally {
        host.ecn = 0;
        host.dscp = 0;
      }
    }

    /** Delivers it as an occupation of its own. */
    void send() {
      deliver();
      host.finish();
    }
  }

  static byte[] pattern(int bytes, int from) {
    byte[] text = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      text[i] = (byte) ((from + i) * 31 + ((from + i) >>> 8));
    }
    return text;
  }

  // ---- expectations ----

  /** The next segment that was sent, whose flags are these. */
  Expect expect(String flags) {
    FakeOutput.Sent sent = host.output.sent.poll();
    assertThat(sent).as("a segment with " + flags).isNotNull();
    return new Expect(sent).flags(flags);
  }

  /** Lets time pass until a segment is sent, which must be about then. */
  Expect expectAfter(long millis, String flags) {
    expectNothing();
    long begin = host.now();
    long due = begin + millis * Host.MILLIS;
    while (host.output.sent.isEmpty() && host.now() <= due) {
      long next = Math.min(host.nextDeadline(), due + 2 * Host.MILLIS);
      host.runTo(Math.max(next, host.now()));
    }
    FakeOutput.Sent sent = host.output.sent.poll();
    assertThat(sent).as("a segment with " + flags + " after " + millis + " ms").isNotNull();
    long error = Math.abs(sent.at() - due);
    assertThat(error)
        .as("sent after " + (sent.at() - begin) / 1e6 + " ms, due after " + millis + " ms")
        .isLessThanOrEqualTo(2 * Host.MILLIS);
    return new Expect(sent).flags(flags);
  }

  void expectNothing() {
    assertThat(host.output.sent).as("segments sent").isEmpty();
  }

  void expectNothingFor(long millis) {
    host.runTo(host.now() + millis * Host.MILLIS);
    expectNothing();
  }

  void ignoreSent() {
    host.output.sent.clear();
  }

  final class Expect {
    final FakeOutput.Sent sent;

    Expect(FakeOutput.Sent sent) {
      this.sent = sent;
    }

    Expect flags(String letters) {
      assertThat(TcpFlags.toString(sent.header().flags()))
          .as(sent.header().toString())
          .isEqualTo(TcpFlags.toString(Peer.flags(letters)));
      assertThat(sent.header().sourcePort()).isEqualTo(localPort);
      assertThat(sent.header().destinationPort()).isEqualTo(port);
      return this;
    }

    Expect seq(int relative) {
      assertThat(sent.header().sequence() - theirIss).as(this + " SEQ").isEqualTo(relative);
      return this;
    }

    Expect ack(int relative) {
      assertThat(sent.header().acknowledgment() - iss).as(this + " ACK").isEqualTo(relative);
      return this;
    }

    Expect length(int bytes) {
      assertThat(sent.text().length).as(this + " length").isEqualTo(bytes);
      return this;
    }

    Expect text(String ascii) {
      assertThat(new String(sent.text(), StandardCharsets.US_ASCII)).isEqualTo(ascii);
      return this;
    }

    Expect text(int bytes, int from) {
      assertThat(sent.text()).isEqualTo(pattern(bytes, from));
      return this;
    }

    /** The urgent pointer, which counts from the segment's own sequence number. */
    Expect urgent(int pointer) {
      assertThat(sent.header().urgentPointer()).as(this + " urgent pointer").isEqualTo(pointer);
      return this;
    }

    Expect win(int field) {
      assertThat(sent.header().window()).as(this + " window").isEqualTo(field);
      return this;
    }

    Expect gso(int size) {
      assertThat(sent.gsoSize()).as(this + " segment size").isEqualTo(size);
      return this;
    }

    /** The ECN field of the IP header. */
    Expect ecn(int codepoint) {
      assertThat(sent.ecn()).as(this + " ECN field").isEqualTo(codepoint);
      return this;
    }

    /** The DiffServ codepoint and the time to live of the IP header. */
    Expect ip(int dscp, int timeToLive) {
      assertThat(sent.dscp()).as(this + " DSCP").isEqualTo(dscp);
      assertThat(sent.timeToLive()).as(this + " time to live").isEqualTo(timeToLive);
      return this;
    }

    Expect option(TcpOption option) {
      assertThat(sent.header().options()).contains(option);
      return this;
    }

    /** Exactly these SACK blocks: left and right edge of each, relative; none for none. */
    Expect sack(int... relative) {
      List<Integer> edges = new ArrayList<>();
      for (TcpOption option : sent.header().options()) {
        if (option instanceof TcpOption.Sack sack) {
          sack.blocks()
              .forEach(block -> {
                edges.add(block.left() - iss);
                edges.add(block.right() - iss);
              });
        }
      }
      assertThat(edges)
          .as(this + " SACK")
          .containsExactlyElementsOf(Arrays.stream(relative).boxed().toList());
      return this;
    }

    /** Its timestamps; fails if there are none. */
    TcpOption.Timestamps stamps() {
      return sent.header().options().stream()
          .filter(TcpOption.Timestamps.class::isInstance)
          .map(TcpOption.Timestamps.class::cast)
          .findFirst()
          .orElseThrow(() -> new AssertionError(this + " has no timestamps"));
    }

    Expect noStamps() {
      assertThat(sent.header().options()).noneMatch(TcpOption.Timestamps.class::isInstance);
      return this;
    }

    /** TSecr. */
    Expect echo(int value) {
      assertThat(stamps().echoReply()).as(this + " TSecr").isEqualTo(value);
      return this;
    }

    @Override
    public String toString() {
      return sent.header() + " length " + sent.text().length;
    }
  }
}
