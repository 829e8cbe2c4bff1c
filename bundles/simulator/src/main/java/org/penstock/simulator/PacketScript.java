package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpSettings;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.FrameStage;
import org.penstock.netif.loopback.Offload;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketBuilder;
import org.penstock.testkit.packet.PacketLine;
import org.penstock.testkit.packet.TcpFlag;
import org.penstock.testkit.runtime.VirtualRuntime;

/**
 * A test of a whole stack, packet by packet, in virtual time: the test is the application above the
 * stack and the peer at the other end of the wire.
 *
 * <pre>{@code
 * try (PacketScript script = new PacketScript()) {
 *   ScriptedApplication client = script.connect(80);             // call this
 *   script.expect("S").seq(0).now();                             // expect that, at once
 *   script.inject("SA").seq(0).ack(1).mss(1460).send();          // inject this
 *   script.expect("A").seq(1).ack(1).length(0).now();
 *   client.send("hello");
 *   script.expect("PA").seq(1).text("hello").now();
 *   script.expect("PA").seq(1).text("hello").after(millis(200)); // sent again, then and not before
 *   script.inject("A").seq(1).ack(6).send();
 *   script.expectNothingFor(seconds(60));
 * }
 * }</pre>
 *
 * <p>Sequence numbers are relative: 0 is the SYN of each side. Flags are the letters F, S, R, P, A,
 * U, E and W, and an expected segment has exactly those. Each expectation takes the next segment
 * that leaves the stack; what differs is told with the whole conversation so far. The peer answers
 * ARP by itself. After every step the stack's invariants are checked; an expectation that was begun
 * and never asked fails at the end.
 *
 * <p>The host is 192.0.2.1 and the peer 192.0.2.2. Not thread-safe.
 */
public final class PacketScript implements AutoCloseable {

  /** The segment size of an Ethernet. */
  public static final int MSS = 1460;

  /** Where a peer that opens comes from. */
  static final int PEER_PORT = 40_000;

  static final long PEER_ISS = 5_000;

  private static final IpAddress HOST = IpAddress.parse("192.0.2.1");
  private static final IpAddress PEER = IpAddress.parse("192.0.2.2");
  private static final MacAddress HOST_MAC = MacAddress.locallyAdministered(1);
  private static final MacAddress PEER_MAC = MacAddress.locallyAdministered(2);

  private final VirtualRuntime runtime = new VirtualRuntime(1);
  private final CallerStrategy strategy = new CallerStrategy();
  private final JunctionPort peer;
  private final Node host;
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final List<String> conversation = new ArrayList<>();
  private @Nullable ExpectedSegment open;
  private int hostPort;
  private int peerPort = PEER_PORT;
  private long hostIss = -1;

  /** A segment of the stack's. */
  record Sent(long at, Packet packet) {}

  /** A stack without timestamps and SACK, whose segments are easy to foresee. */
  public PacketScript() {
    this(new StackBuilder("host").timestamps(false).sack(false));
  }

  /**
   * A stack as described.
   *
   * @param builder without strategy and runtime, which are the script's
   */
  public PacketScript(StackBuilder builder) {
    runtime.advanceTo(Simulation.START_NANOS);
    CableOptions options = CableOptions.named("wire").withOffload(Offload.NONE);
    Cable cable = new Cable(runtime, options);
    for (int end = 0; end < 2; end++) {
      cable.stage(end, straight());
    }
    this.peer = new JunctionPort("peer", PEER_MAC, runtime, cable.end(1), this::left);
    List<IpPrefix> address = List.of(new IpPrefix(HOST, 24));
    SlotSettings slot = new SlotSettings("net0", HOST_MAC, address, null, 0);
    this.host = new Node(builder.runtime(runtime).cells(1), strategy, cable.end(0), slot);
    pass(Duration.ofSeconds(4));
    conversation.clear();
  }

  private static FrameStage straight() {
    return (at, frame, arrivals) -> arrivals.at(at);
  }

  /** Milliseconds. */
  public static Duration millis(long count) {
    return Duration.ofMillis(count);
  }

  /** Seconds. */
  public static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }

  /** The stack, for its views. */
  public Stack stack() {
    return host.stack();
  }

  // ---- the application

  /** Opens a connection to a port of the peer's. */
  public ScriptedApplication connect(int port) {
    return connect(port, TcpSettings.DEFAULT);
  }

  /** Opens a connection with settings. */
  public ScriptedApplication connect(int port, TcpSettings settings) {
    peerPort = port;
    hostIss = -1;
    try {
      ScriptedApplication client =
          new ScriptedApplication(this, host.client(), new TransportAddress(HOST, 0));
      client.connect(new TransportAddress(PEER, port), settings);
      hostPort = client.port();
      return client;
    } catch (TransportException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for a connection of the peer's. */
  public ScriptedApplication listen(int port) {
    hostPort = port;
    hostIss = -1;
    try {
      ScriptedApplication server =
          new ScriptedApplication(this, host.client(), new TransportAddress(HOST, port));
      server.listen();
      return server;
    } catch (TransportException e) {
      throw new AssertionError(e);
    }
  }

  /** ESTABLISHED, opened by the stack to port 80 of a peer with an MSS of 1460. */
  public ScriptedApplication connected() {
    ScriptedApplication client = connect(80);
    expect("S").seq(0).now();
    inject("SA").seq(0).ack(1).mss(MSS).send();
    expect("A").seq(1).ack(1).length(0).now();
    client.expectConnected();
    return client;
  }

  /** ESTABLISHED, opened by a peer with an MSS of 1460 to port 80 of the stack. */
  public ScriptedApplication accepted() {
    ScriptedApplication server = listen(80);
    inject("S").seq(0).mss(MSS).send();
    expect("SA").seq(0).ack(1).now();
    inject("A").seq(1).ack(1).send();
    server.expectConnected();
    return server;
  }

  // ---- the peer

  /** Begins a segment of the peer's with these flags; {@link ScriptedSegment#send} sends it. */
  public ScriptedSegment inject(String flags) {
    noneOpen();
    PacketBuilder segment =
        PacketBuilder.ethernet(PEER_MAC, HOST_MAC).ip(PEER, HOST).tcp(peerPort, hostPort);
    return new ScriptedSegment(this, segment, flags(flags));
  }

  /** Sends a frame of any kind to the stack, from its Ethernet header on. */
  public void inject(byte[] frame) {
    noneOpen();
    conversation.add("> " + line(Packet.ethernet(frame)));
    peer.send(MemorySegment.ofArray(frame));
    settle();
  }

  /**
   * Expects a segment of the stack's with exactly these flags; it is asked for by {@link
   * ExpectedSegment#now}, {@link ExpectedSegment#within} or {@link ExpectedSegment#after}.
   */
  public ExpectedSegment expect(String flags) {
    noneOpen();
    ExpectedSegment expected = new ExpectedSegment(this, flags(flags));
    open = expected;
    return expected;
  }

  /** Expects that the stack sends nothing for that long, nor has before. */
  public void expectNothingFor(Duration time) {
    noneOpen();
    long end = runtime.nanoTime() + time.toNanos();
    runTo(end, true);
    if (!sent.isEmpty()) {
      throw failure("nothing was to be sent for " + time.toMillis() + " ms");
    }
  }

  /** Expects that nothing was sent that no expectation took. */
  public void expectNothing() {
    expectNothingFor(Duration.ZERO);
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    noneOpen();
    runTo(runtime.nanoTime() + time.toNanos(), false);
  }

  /** Forgets what was sent and not expected. */
  public void ignoreSent() {
    sent.clear();
  }

  // ---- for its parts

  /** Does all that is due now. */
  void settle() {
    runTo(runtime.nanoTime(), false);
  }

  /** The next segment, if one is sent by then. */
  @Nullable Sent next(ExpectedSegment asked, long until) {
    if (open == asked) {
      open = null;
    }
    if (sent.isEmpty()) {
      runTo(until, true);
    }
    return sent.poll();
  }

  long now() {
    return runtime.nanoTime();
  }

  /** The sequence number on the wire of the stack's relative one. */
  long hostNumber(long relative) {
    return Math.max(0, hostIss) + relative & 0xffff_ffffL;
  }

  AssertionError failure(String what) {
    StringBuilder text = new StringBuilder(what).append("\nthe conversation:");
    conversation.forEach(line -> text.append("\n  ").append(line));
    return new AssertionError(text.toString());
  }

  private void noneOpen() {
    if (open != null) {
      throw new IllegalStateException(
          "an expectation was begun and not asked: end it by now(), within(…) or after(…)");
    }
  }

  private static Set<TcpFlag> flags(String letters) {
    EnumSet<TcpFlag> flags = EnumSet.noneOf(TcpFlag.class);
    for (char letter : letters.toCharArray()) {
      flags.add(
          switch (letter) {
            case 'F' -> TcpFlag.FIN;
            case 'S' -> TcpFlag.SYN;
            case 'R' -> TcpFlag.RST;
            case 'P' -> TcpFlag.PSH;
            case 'A' -> TcpFlag.ACK;
            case 'U' -> TcpFlag.URG;
            case 'E' -> TcpFlag.ECE;
            case 'W' -> TcpFlag.CWR;
            default ->
                throw new IllegalArgumentException(
                    "'" + letter + "' in '" + letters + "' is none of F, S, R, P, A, U, E, W");
          });
    }
    return flags;
  }

  /** A frame has left the stack. */
  private void left(MemorySegment frame) {
    Packet packet = Packet.decode(LinkType.ETHERNET, frame.toArray(ValueLayout.JAVA_BYTE));
    if (packet.isArp()) {
      if (packet.arp().operation() == 1 && packet.arp().targetIp().equals(PEER)) {
        byte[] reply = PacketBuilder.arpReply(PEER_MAC, PEER, HOST_MAC, HOST);
        peer.send(MemorySegment.ofArray(reply));
      }
      return;
    }
    conversation.add("< " + line(packet));
    if (packet.isTcp() && packet.tcp().has(TcpFlag.SYN)) {
      hostIss = packet.tcp().seq();
    }
    sent.add(new Sent(runtime.nanoTime(), packet));
  }

  private String line(Packet packet) {
    return PacketLine.of(runtime.nanoTime(), packet);
  }

  private void runTo(long end, boolean untilSent) {
    while (!untilSent || sent.isEmpty()) {
      if (peer.work() + strategy.step() > 0) {
        List<String> violations = stack().view().checkInvariants();
        if (!violations.isEmpty()) {
          throw failure(String.valueOf(violations));
        }
        continue;
      }
      long next = Math.min(strategy.nextDeadline(), peer.nextDue());
      if (next > end) {
        runtime.advanceTo(end);
        return;
      }
      runtime.advanceTo(next);
    }
  }

  /** Ends the stack; fails if an expectation was begun and not asked. */
  @Override
  public void close() {
    host.close();
    peer.detach();
    runtime.close();
    noneOpen();
  }
}
