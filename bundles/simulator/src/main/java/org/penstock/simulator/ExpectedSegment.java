package org.penstock.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.penstock.simulator.PacketScript.Sent;
import org.penstock.testkit.packet.PacketCheck;
import org.penstock.testkit.packet.PacketChecks;
import org.penstock.testkit.packet.TcpFlag;
import org.penstock.testkit.packet.TcpOption;

/**
 * A segment that the stack of a {@link PacketScript} is to send. Nothing is looked at before it is
 * asked for by {@link #now}, {@link #within} or {@link #after}.
 */
public final class ExpectedSegment {

  /** How late a timer may be: the wheel's slots have a width. */
  private static final long TOLERANCE = 5_000_000;

  /**
   * What passes, 20 ns for each call to the runtime, between the beginning of an occupation, from
   * which timers count, and the moment at which its segment was seen.
   */
  private static final long PASSING = 10_000;

  private final PacketScript script;
  private final List<PacketCheck> checks = new ArrayList<>();

  ExpectedSegment(PacketScript script, Set<TcpFlag> flags) {
    this.script = script;
    checks.add(PacketChecks.flags(flags.toArray(TcpFlag[]::new)));
  }

  /** Its sequence number, 0 for the stack's SYN. */
  public ExpectedSegment seq(long relative) {
    return number(() -> script.hostNumber(relative), true);
  }

  /** Its acknowledgement number, 0 for the peer's SYN. */
  public ExpectedSegment ack(long relative) {
    return number(() -> PacketScript.PEER_ISS + relative, false);
  }

  /** The initial sequence number is known only when it is there. */
  private ExpectedSegment number(LongSupplier number, boolean sequence) {
    return which(packet -> {
      long wanted = number.getAsLong();
      PacketCheck check = sequence ? PacketChecks.seq(wanted) : PacketChecks.ack(wanted);
      return check.mismatches(packet);
    });
  }

  /** Its window field. */
  public ExpectedSegment window(int field) {
    return which(PacketChecks.window(field));
  }

  /** Octets of its text. */
  public ExpectedSegment length(int octets) {
    return which(PacketChecks.payloadLength(octets));
  }

  /** Its text. */
  public ExpectedSegment text(String ascii) {
    return which(PacketChecks.payload(ascii.getBytes(StandardCharsets.US_ASCII)));
  }

  /** One of its options. */
  public ExpectedSegment option(TcpOption wanted) {
    return which(PacketChecks.option(wanted));
  }

  /** Anything else about it. */
  public ExpectedSegment which(PacketCheck check) {
    checks.add(check);
    return this;
  }

  /** It was sent already, or is sent without time passing. */
  public void now() {
    within(Duration.ZERO);
  }

  /** It is sent before that much time has passed. */
  public void within(Duration time) {
    check(script.next(this, script.now() + time.toNanos()), "within " + time.toMillis() + " ms");
  }

  /** It is sent after that much time, not earlier, and at most 5 ms later. */
  public void after(Duration time) {
    long due = script.now() + time.toNanos();
    Sent sent = script.next(this, due + TOLERANCE);
    check(sent, "after " + time.toMillis() + " ms");
    if (sent != null && sent.at() < due - PASSING) {
      throw script.failure(
          "sent "
              + (due - sent.at()) / 1e6
              + " ms before its time, after "
              + time.toMillis()
              + " ms");
    }
  }

  private void check(@org.jspecify.annotations.Nullable Sent sent, String when) {
    if (sent == null) {
      throw script.failure("no segment was sent " + when);
    }
    List<String> mismatches =
        PacketChecks.tcp(checks.toArray(PacketCheck[]::new)).mismatches(sent.packet());
    if (!mismatches.isEmpty()) {
      throw script.failure("the segment differs: " + String.join("; ", mismatches));
    }
  }
}
