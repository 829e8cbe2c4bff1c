package org.penstock.core.internal.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.hash.FlowTable;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.timer.TimerWheel;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The PCBs of a cell: the table that finds them by their flow, the active list and the TIME-WAIT
 * list, and the way of a segment to the one it is for. Owned by the cell.
 */
final class TcpCell {

  private final TcpShared shared;
  private final Cell cell;
  private final SegmentWriter writer;
  private final FlowTable<FlowEntry> flows;
  private final TimeWaits timeWaits;
  private final ChallengeBudget challenges;
  private final Segment segment = new Segment();
  private final SegmentArrives arrives = new SegmentArrives(this);
  private final PassiveOpen passive;
  private final AckSample sample = new AckSample();
  private final Transmissions transmissions = new Transmissions();
  private final Delivery delivery = new Delivery();
  private final Restoration restoration = new Restoration();
  private @Nullable Connection first;
  private @Nullable Connection last;
  private int active;
  private int orphans;
  private boolean stopping;

  TcpCell(TcpShared shared, Cell cell, PacketOutput output) {
    this.shared = shared;
    this.cell = cell;
    this.writer = new SegmentWriter(cell, output);
    this.flows = new FlowTable<>(shared.flowHash());
    this.timeWaits =
        new TimeWaits(cell.timers(), description().timeWaitNanos(), this::timeWaitEnded);
    this.passive = new PassiveOpen(this, shared, arrives);
    this.challenges =
        new ChallengeBudget(shared.challengeHash(), cell.index(), description().cells());
  }

  // ---- what connections use ----

  Cell cell() {
    return cell;
  }

  int index() {
    return cell.index();
  }

  long now() {
    return cell.now();
  }

  TimerWheel timers() {
    return cell.timers();
  }

  PacketOutput output() {
    return writer.output();
  }

  SegmentWriter writer() {
    return writer;
  }

  StackBuilder.Description description() {
    return shared.context().description();
  }

  Buffers buffers() {
    return shared.context().buffers();
  }

  /** Memory of what connections have in flight. */
  Transmissions transmissions() {
    return transmissions;
  }

  /** What an acknowledgement has delivered; valid while it is processed. */
  Delivery delivery() {
    return delivery;
  }

  CongestionWindow newCongestion(String own) {
    return new CongestionWindow(shared.congestion(), sample, own);
  }

  /** How a new connection's receive window begins and grows. */
  ReceiveSizing newSizing(TcpSettings settings) {
    return new ReceiveSizing(settings.receiveBuffer(), description().receiveBuffer(), now());
  }

  /** True if the stack stops: no connection is opened any more. */
  boolean isStopping() {
    return stopping;
  }

  ChallengeBudget challenges() {
    return challenges;
  }

  int timestampOffset(FlowEntry flow) {
    return shared.timestampOffset(flow);
  }

  void count(Counter counter) {
    cell.count(counter);
  }

  void count(Counter counter, int times) {
    cell.counters().count(counter, times);
  }

  void drop(DropReason reason) {
    cell.drop(reason);
  }

  // ---- segments ----

  /** See {@link TcpLayer#input}. */
  boolean input(InboundPacket packet) {
    count(Counter.TCP_IN_SEGMENTS);
    DropReason bad = segment.read(packet);
    if (bad != null) {
      count(Counter.TCP_IN_ERRORS);
      drop(bad);
      return false;
    }
    if (!segment.isUnicast()) {
      // RFC 9293 §3.9.2.3 (MUST-57): silently.
      drop(DropReason.NO_TCP_CONNECTION);
      return false;
    }
    FlowEntry entry =
        flows.find(
            segment.localHigh(),
            segment.localLow(),
            segment.remoteHigh(),
            segment.remoteLow(),
            FlowEntry.ports(segment.localPort(), segment.remotePort()),
            0);
    if (entry instanceof Connection connection) {
      arrives.arrives(connection, segment);
    } else if (entry instanceof TimeWait timeWait) {
      arrives(timeWait);
    } else {
      passive.arrives(segment, null);
    }
    return segment.isKept();
  }

  private void arrives(TimeWait timeWait) {
    switch (timeWait.arrives(segment, now())) {
      case NONE -> {}
      case ACKNOWLEDGE -> writer.acknowledge(timeWait, segment);
      case RESTART -> {
        timeWaits.restart(timeWait, now());
        writer.acknowledge(timeWait, segment);
      }
      case REOPEN -> {
        if (passive.listenerFor(segment) == null) {
          writer.acknowledge(timeWait, segment);
        } else {
          passive.arrives(segment, timeWait);
        }
      }
    }
  }

  /** Begins with an initial sequence number, on the way there is. */
  void begin(Connection connection, int iss) {
    Path path = connection.refreshPath();
    boolean ipv4 = connection.remote().address().isIpv4();
    int assumed = ipv4 ? TcpLimits.DEFAULT_SEGMENT_IPV4 : TcpLimits.DEFAULT_SEGMENT_IPV6;
    connection.sender().begin(iss, assumed, now());
    connection.receiver().segmentSize(path == null ? assumed : SegmentWriter.segmentSize(path));
  }

  /** See {@link Tcp#connect}. */
  Connection connect(
      TransportAddress local, TransportAddress remote, TcpSettings settings, TcpUser user)
      throws TcpException {
    String subject = local + " to " + remote;
    if (local.address().isAny() || local.port() == 0 || remote.port() == 0) {
      throw new IllegalArgumentException(
          subject + ": a connection needs two ports and an address of ours");
    }
    IpAddress peer = remote.address();
    if (peer.isAny() || peer.isMulticast() || peer.isLimitedBroadcast()) {
      throw new TcpException(TcpFailure.NETWORK_UNREACHABLE, subject);
    }
    if (stopping) {
      throw new TcpException(TcpFailure.STACK_STOPPED, subject);
    }
    Connection connection = new Connection(this, local, remote, settings, null);
    Path path = connection.refreshPath();
    // RFC 9293 §3.9.2.3 (MUST-57): no segment is for more than one host.
    if (path == null || path.isBroadcast()) {
      throw new TcpException(TcpFailure.NETWORK_UNREACHABLE, subject);
    }
    if (!tryAdd(connection)) {
      throw new TcpException(TcpFailure.ADDRESS_IN_USE, subject);
    }
    count(Counter.TCP_ACTIVE_OPENS);
    begin(connection, shared.initialSequence(connection, now()));
    connection.user(user);
    connection.enter(TcpState.SYN_SENT);
    connection.sender().timers().armHandshake(now());
    connection.end().synDue();
    return connection;
  }

  // ---- tables ----

  void add(Connection connection) {
    if (!tryAdd(connection)) {
      throw new IllegalStateException("the flow of " + connection + " is taken");
    }
  }

  private boolean tryAdd(Connection connection) {
    if (flows.insert(connection) != null) {
      return false;
    }
    retain(connection);
    connection.inTables(true);
    connection.previousPcb = last;
    if (last == null) {
      first = connection;
    } else {
      last.nextPcb = connection;
    }
    last = connection;
    active++;
    return true;
  }

  /** Takes a connection out of the tables, which gives its port back. */
  void remove(Connection connection) {
    flows.remove(connection);
    connection.inTables(false);
    restoration.removed(connection);
    Connection before = connection.previousPcb;
    Connection after = connection.nextPcb;
    if (before == null) {
      first = after;
    } else {
      before.nextPcb = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previousPcb = before;
    }
    connection.previousPcb = null;
    connection.nextPcb = null;
    active--;
    if (connection.isOrphan()) {
      orphans--;
    }
    release(connection);
  }

  /** Puts a TIME-WAIT in the place of a connection. */
  void timeWait(Connection connection) {
    TimeWait timeWait = new TimeWait(connection);
    // First this reference, so that the port is never free between the two.
    retain(timeWait);
    connection.over(TcpState.TIME_WAIT);
    if (timeWaits.size() >= TcpLimits.timeWaits(description().cells())) {
      TimeWait oldest = timeWaits.first();
      if (oldest != null) {
        end(oldest);
      }
    }
    flows.insert(timeWait);
    timeWaits.add(timeWait, now());
  }

  /** Ends a TIME-WAIT before its time. */
  void end(TimeWait timeWait) {
    timeWaits.remove(timeWait);
    timeWaitEnded(timeWait);
  }

  private void timeWaitEnded(TimeWait timeWait) {
    flows.remove(timeWait);
    release(timeWait);
  }

  private void retain(FlowEntry entry) {
    shared.context().ports().retain(Tcp.PROTOCOL, entry.localPort());
  }

  private void release(FlowEntry entry) {
    shared.context().ports().release(Tcp.PROTOCOL, entry.localPort());
  }

  /** Takes a connection that its user abandons, if there are not too many. */
  boolean adopt(Connection connection) {
    if (orphans >= TcpLimits.orphans(description().cells(), buffers().pressure())) {
      count(Counter.TCP_ORPHANS_REFUSED);
      return false;
    }
    orphans++;
    return true;
  }

  /** A handshake has failed: the one who opened it is told, or the listener may have another. */
  void handshakeFailed(Connection connection, TcpFailure failure) {
    count(Counter.TCP_ATTEMPT_FAILS);
    Listener listener = connection.listener();
    if (listener == null) {
      connection.fail(failure);
    } else {
      listener.handshakeFailed();
      connection.vanish();
    }
  }

  // ---- ICMP ----

  /** See {@link TcpLayer#icmpError}. */
  void icmpError(IcmpError error) {
    FlowEntry entry =
        flows.find(
            error.local().high(),
            error.local().low(),
            error.remote().high(),
            error.remote().low(),
            FlowEntry.ports(error.localPort(), error.remotePort()),
            0);
    if (!(entry instanceof Connection connection)) {
      drop(DropReason.ICMP_IGNORED);
      return;
    }
    Sender sender = connection.sender();
    // RFC 5927 §4.1: only what is in flight can have caused an error.
    if (!SequenceNumber.inWindow(
        error.sequence(), sender.unacknowledged(), sender.highest() - sender.unacknowledged())) {
      drop(DropReason.ICMP_IGNORED);
      return;
    }
    switch (error.kind()) {
      case TOO_BIG -> sender.tooBig(error.length(), error.mtu());
      // RFC 9293 §3.9.2.2 (MUST-56): soft, also while it is being opened. Differs from what RFC
      // 5461
      // §4.1 tells of other stacks, which give up then: the way may come back within R2.
      case UNREACHABLE, PARAMETER_PROBLEM -> connection.softError(error.failure());
      case REFUSED, PROHIBITED -> {
        // SHLD-26: hard. RFC 5927 §5.2: but only while it is being opened, or a forged packet could
        // end it.
        if (connection.state().isHandshake()) {
          handshakeFailed(connection, error.failure());
        } else {
          connection.softError(error.failure());
        }
      }
    }
  }

  /** See {@link TcpLayer#congestion}. */
  boolean congestion(TransportAddress local, TransportAddress remote, String name) {
    FlowEntry entry =
        flows.find(
            local.address().high(),
            local.address().low(),
            remote.address().high(),
            remote.address().low(),
            FlowEntry.ports(local.port(), remote.port()),
            0);
    if (!(entry instanceof Connection connection)) {
      return false;
    }
    connection.settings(connection.settings().withCongestion(name));
    return true;
  }

  // ---- an interface is back ----

  /** See {@link TcpLayer#restored}. */
  boolean restored(int slot) {
    restoration.begin(slot, first);
    return restoration.turn(now());
  }

  /** See {@link TcpLayer#restoreMore}. */
  boolean restoreMore() {
    return restoration.turn(now());
  }

  // ---- views, checks, the end ----

  /** See {@link TcpLayer#views}. */
  void views(Consumer<? super PcbView> sink) {
    for (Connection at = first; at != null; at = at.nextPcb) {
      sink.accept(at.view());
    }
    for (TimeWait at = timeWaits.first(); at != null; at = at.next) {
      sink.accept(view(at));
    }
  }

  private PcbView view(TimeWait timeWait) {
    return PcbView.withoutData(
        "tcp",
        PcbView.List.TIME_WAIT,
        TcpState.TIME_WAIT.label(),
        new TransportAddress(timeWait.localAddress(), timeWait.localPort()),
        new TransportAddress(timeWait.remoteAddress(), timeWait.remotePort()),
        "orphan",
        index());
  }

  /** See {@link TcpLayer#resetAll}. */
  boolean resetAll() {
    stopping = true;
    int budget = TcpLimits.RESETS_A_CALL;
    Connection connection = first;
    while (connection != null && budget > 0) {
      budget--;
      if (connection.state() != TcpState.SYN_SENT) {
        writer.reset(connection);
      }
      if (connection.state() == TcpState.SYN_RECEIVED) {
        handshakeFailed(connection, TcpFailure.STACK_STOPPED);
      } else {
        connection.fail(TcpFailure.STACK_STOPPED);
      }
      connection = first;
    }
    TimeWait timeWait = timeWaits.first();
    while (timeWait != null && budget > 0) {
      budget--;
      end(timeWait);
      timeWait = timeWaits.first();
    }
    return first == null && timeWaits.first() == null;
  }

  /** See {@link TcpLayer#invariants}. */
  List<String> invariants() {
    List<String> wrong = new ArrayList<>();
    int connections = 0;
    int abandoned = 0;
    Connection before = null;
    for (Connection at = first; at != null; at = at.nextPcb) {
      connections++;
      abandoned += at.isOrphan() ? 1 : 0;
      check(at, wrong);
      if (at.previousPcb != before) {
        wrong.add(at + ": its place in the active list is broken");
      }
      before = at;
    }
    int waiting = 0;
    for (TimeWait at = timeWaits.first(); at != null; at = at.next) {
      waiting++;
      checkFlow(at, wrong);
      if (at.deadline < now() - description().timeWaitNanos()) {
        wrong.add("TIME-WAIT of port " + at.localPort() + " was forgotten");
      }
    }
    if (before != last || connections != active) {
      wrong.add("the active list has " + connections + " connections and counts " + active);
    }
    if (abandoned != orphans) {
      wrong.add("there are " + abandoned + " orphans and " + orphans + " are counted");
    }
    if (waiting != timeWaits.size()) {
      wrong.add("the TIME-WAIT list has " + waiting + " and counts " + timeWaits.size());
    }
    if (waiting > 0 && !timeWaits.isArmed()) {
      wrong.add("the TIME-WAIT list has no timer");
    }
    if (flows.size() != connections + waiting) {
      wrong.add("the table has " + flows.size() + " flows, the lists " + (connections + waiting));
    }
    return wrong;
  }

  private void check(Connection connection, List<String> wrong) {
    checkFlow(connection, wrong);
    for (String problem : Invariants.of(connection)) {
      wrong.add(connection + ": " + problem);
    }
  }

  private void checkFlow(FlowEntry entry, List<String> wrong) {
    FlowEntry found =
        flows.find(
            entry.localHigh(),
            entry.localLow(),
            entry.remoteHigh(),
            entry.remoteLow(),
            entry.ports(),
            entry.scope());
    if (found != entry) {
      wrong.add(entry + " is on a list and not in the table");
    }
    if (shared.context().ports().references(Tcp.PROTOCOL, entry.localPort()) < 1) {
      wrong.add(entry + " holds no reference on its port");
    }
  }
}
