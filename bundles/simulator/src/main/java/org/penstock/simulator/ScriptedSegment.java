package org.penstock.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.penstock.testkit.packet.PacketBuilder;
import org.penstock.testkit.packet.TcpFlag;
import org.penstock.testkit.packet.TcpOption;

/** A segment that the peer of a {@link PacketScript} sends. What is not said is 0 or empty. */
public final class ScriptedSegment {

  private final PacketScript script;
  private final List<TcpOption> options = new ArrayList<>();
  private PacketBuilder segment;

  ScriptedSegment(PacketScript script, PacketBuilder segment, Set<TcpFlag> flags) {
    this.script = script;
    this.segment =
        segment.flags(flags.toArray(TcpFlag[]::new)).seq(PacketScript.PEER_ISS).window(65_535);
  }

  /** The sequence number, 0 for the peer's SYN. */
  public ScriptedSegment seq(long relative) {
    segment = segment.seq(PacketScript.PEER_ISS + relative);
    return this;
  }

  /** The acknowledgement number, 0 for the stack's SYN. */
  public ScriptedSegment ack(long relative) {
    segment = segment.ack(script.hostNumber(relative));
    return this;
  }

  /** The window field; 65,535 if it is not said. */
  public ScriptedSegment window(int field) {
    segment = segment.window(field);
    return this;
  }

  /** The segment size that the peer takes. */
  public ScriptedSegment mss(int bytes) {
    return option(new TcpOption.Mss(bytes));
  }

  /** An option more. */
  public ScriptedSegment option(TcpOption option) {
    options.add(option);
    return this;
  }

  /** What it carries. */
  public ScriptedSegment text(String ascii) {
    segment = segment.payload(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** So many octets of text. */
  public ScriptedSegment text(int octets) {
    return text("x".repeat(octets));
  }

  /** Sends it; the stack has done all that it does at once when this returns. */
  public void send() {
    script.inject(segment.options(options.toArray(TcpOption[]::new)).build());
  }
}
