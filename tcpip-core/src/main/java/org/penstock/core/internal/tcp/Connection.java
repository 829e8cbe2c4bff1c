package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.memory.MemoryPressure;

/**
 * A connection: the PCB that stands in the cell's tables until both directions are closed, and the
 * object its user holds, which outlives it while received bytes wait to be taken. Here are the
 * user's calls (RFC 9293 §3.10.1 to §3.10.6); segments come by way of {@link SegmentArrives}.
 *
 * <p>Nothing leaves and nobody is called from within a call or a segment: that happens once, at the
 * end of the occupation, in {@link EndOfOccupation}. Owned by the cell.
 */
final class Connection extends FlowEntry implements TcpConnection {

  private final TcpCell pcbs;
  private final TransportAddress local;
  private final TransportAddress remote;
  private final Sender sender;
  private final Receiver receiver;
  private final ConnectionTimers timers;
  private final EndOfOccupation end;
  private final PathWaiter waiter;
  private final NegotiatedOptions options;
  private final Timestamps timestamps;
  private final Ecn ecn;
  private final UserTimeout userTimeout;
  private final @Nullable Listener listener;
  @Nullable Connection nextPcb;
  @Nullable Connection previousPcb;

  private TcpState state = TcpState.CLOSED;
  private boolean inTables;
  private boolean orphan;
  private boolean blocked;
  private TcpSettings settings;
  private @Nullable Path path;
  private @Nullable TcpFailure softError;
  private long challengeAt;
  private long heardAt;
  private int keepAliveProbes;
  private int receivedDscp;

  /**
   * A connection in state CLOSED.
   *
   * @param listener whose it is until it was established, null if it is opened actively
   */
  Connection(
      TcpCell pcbs,
      TransportAddress local,
      TransportAddress remote,
      TcpSettings settings,
      @Nullable Listener listener) {
    super(
        local.address().high(),
        local.address().low(),
        remote.address().high(),
        remote.address().low(),
        FlowEntry.ports(local.port(), remote.port()),
        0);
    this.pcbs = pcbs;
    this.local = local;
    this.remote = remote;
    this.settings = settings;
    this.listener = listener;
    this.options =
        new NegotiatedOptions(pcbs.description().sack(), pcbs.description().timestamps());
    this.ecn = new Ecn(pcbs.description().ecn());
    this.timestamps = new Timestamps(pcbs.timestampOffset(this));
    this.userTimeout = new UserTimeout(settings);
    this.sender =
        new Sender(
            this, pcbs.description().minimumRtoNanos(), pcbs.newCongestion(settings.congestion()));
    this.receiver = new Receiver(this, pcbs.buffers(), pcbs.newSizing(settings));
    this.timers = new ConnectionTimers(pcbs.timers(), this);
    this.end = new EndOfOccupation(this);
    this.waiter = new PathWaiter(this);
    this.heardAt = pcbs.now();
  }

  // ---- for the rest of the package ----

  TcpCell pcbs() {
    return pcbs;
  }

  Sender sender() {
    return sender;
  }

  Receiver receiver() {
    return receiver;
  }

  ConnectionTimers timers() {
    return timers;
  }

  EndOfOccupation end() {
    return end;
  }

  PathWaiter waiter() {
    return waiter;
  }

  Ecn ecn() {
    return ecn;
  }

  TcpSettings settings() {
    return settings;
  }

  /** Whose it is until it was established; null if it was opened actively. */
  @Nullable Listener listener() {
    return listener;
  }

  TcpState state() {
    return state;
  }

  /** Moves to another state. */
  void enter(TcpState to) {
    state = to;
  }

  /** True while it stands in the tables. */
  boolean isInTables() {
    return inTables;
  }

  /** Set by the tables. */
  void inTables(boolean is) {
    inTables = is;
  }

  /** True if its user has abandoned it. */
  boolean isOrphan() {
    return orphan;
  }

  /** Which options segments carry. */
  NegotiatedOptions options() {
    return options;
  }

  /** When to give up. */
  UserTimeout userTimeout() {
    return userTimeout;
  }

  /** The timestamps of its segments, if they carry any. */
  Timestamps timestamps() {
    return timestamps;
  }

  /** What the network said about the way, that was not fatal. */
  @Nullable TcpFailure softError() {
    return softError;
  }

  /**
   * The network said something about the way that is not fatal (RFC 9293 §3.9.2.2): the user is
   * told at once (MUST-47), and should the connection end, this is why.
   */
  void softError(TcpFailure failure) {
    softError = failure;
    end.troubled(failure);
  }

  /** The peer answers: what was said about the way is no longer true. */
  void forgetSoftError() {
    softError = null;
  }

  /** There is no way, which is news once. */
  private void noRoute() {
    if (softError != TcpFailure.NETWORK_UNREACHABLE) {
      softError(TcpFailure.NETWORK_UNREACHABLE);
    }
  }

  /**
   * R1 of RFC 9293 §3.8.3: so many retransmissions stayed unanswered that IP looks at the way again
   * (MUST-20 a), and the user may know (SHLD-9), once.
   */
  void unanswered(int retransmissions) {
    int wanted = settings.troubleRetransmissions();
    int first = wanted == 0 ? TcpLimits.TROUBLE_RETRANSMISSIONS : wanted;
    Path doubted = path;
    if (retransmissions >= first && doubted != null) {
      pcbs.output().doubt(doubted);
      path = null;
    }
    if (retransmissions == first) {
      end.troubled(TcpFailure.TIMED_OUT);
    }
  }

  /** True if sending was refused, and what is due waits for its turn. */
  boolean isBlocked() {
    return blocked;
  }

  /** Sending may be tried again. */
  void unblock() {
    blocked = false;
  }

  /** How sending has ended. */
  void sent(PacketOutput.Outcome outcome) {
    blocked = outcome != PacketOutput.Outcome.SENT;
    if (outcome == PacketOutput.Outcome.UNREACHABLE) {
      noRoute();
    }
  }

  /** The way as it was looked up last. */
  @Nullable Path path() {
    return path;
  }

  /** True if it goes by that interface, or may: after long silence the way is looked up anew. */
  boolean isBy(int slot) {
    Path known = path;
    return known == null || known.slot() == slot;
  }

  /** The way, looked up again if it has changed; null if there is none. */
  @Nullable Path refreshPath() {
    Path known = path;
    if (known != null && pcbs.output().isCurrent(known)) {
      return known;
    }
    Path found = pcbs.output().route(local.address(), remote.address());
    path = found;
    if (found == null) {
      blocked = true;
      noRoute();
    } else {
      sender.pathChanged(found, pcbs.now());
    }
    return found;
  }

  /** Has the end of the occupation see to this connection. */
  void flushLater() {
    pcbs.cell().defer(end);
  }

  /** Something was received from the peer. */
  void heard(Segment segment, long now) {
    heardAt = now;
    receivedDscp = segment.dscp();
    keepAliveProbes = 0;
  }

  /** When something was received last. */
  long heardAt() {
    return heardAt;
  }

  /** Counts a keep-alive probe, and returns how many went unanswered before. */
  int probeKeepAlive() {
    return keepAliveProbes++;
  }

  /** Whether a challenge ACK may leave now (RFC 5961 §7). */
  boolean mayChallenge(long now) {
    if (now < challengeAt || !pcbs.challenges().take(now)) {
      return false;
    }
    challengeAt = now + TcpLimits.CHALLENGE_INTERVAL;
    return true;
  }

  /** Sets the keep-alive timer, if the user wants one. */
  void armKeepAlive(long now) {
    if (settings.keepAliveNanos() > 0 && state.isSynchronized()) {
      timers.arm(ConnectionTimers.KEEP_ALIVE, now + settings.keepAliveNanos());
    } else {
      timers.cancel(ConnectionTimers.KEEP_ALIVE);
    }
  }

  // ---- ends ----

  /** The connection has failed: it leaves the tables, and the user is told. */
  void fail(TcpFailure failure) {
    leave(TcpState.CLOSED);
    end.failed(failure);
  }

  /** Both directions are closed: it leaves the tables; told when all was taken. */
  void over(TcpState last) {
    leave(last);
    end.over();
  }

  /** Leaves the tables without a word to anybody. */
  void vanish() {
    leave(TcpState.CLOSED);
    end.forget();
    receiver.clear();
  }

  private void leave(TcpState last) {
    if (inTables) {
      pcbs.remove(this);
    }
    state = last;
    timers.cancelAll();
    sender.clear();
    if (end.isUnattended()) {
      receiver.clear();
    }
  }

  // ---- the user's calls ----

  @Override
  public int cell() {
    return pcbs.index();
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public TransportAddress remote() {
    return remote;
  }

  @Override
  public void user(TcpUser user) {
    end.user(user);
  }

  @Override
  public int sendRoom() {
    return inTables && !sender.isFinished()
        ? (int) Math.max(0, sendLimit() - sender.queue().bytes())
        : 0;
  }

  /**
   * Most bytes in the send queue. Where the user names none it follows the congestion window:
   * beside what is in flight there is as much again, for the round trip until the user hears of
   * room. More would only stand in the queue, and be old when it is sent. Whatever the window falls
   * to, room comes with the acknowledgements of what is queued, so a send queue never stands still.
   */
  private long sendLimit() {
    int most = TcpLimits.buffer(settings.sendBuffer(), pcbs.description().sendBuffer());
    MemoryPressure pressure = pcbs.buffers().pressure();
    if (pressure == MemoryPressure.HARD && sender.queue().bytes() > 0) {
      // An empty queue takes a little, so that everybody gets on.
      return 0;
    }
    if (pressure != MemoryPressure.NONE || settings.sendBuffer() != 0) {
      return TcpLimits.scarce(most, pressure);
    }
    return Math.min(most, Math.max(TcpLimits.LEAST_SEND_ROOM, 2 * sender.congestion().window()));
  }

  @Override
  public int send(MemorySegment source, long offset, int length, boolean push) {
    requireUnfinished();
    if (!inTables || length <= 0) {
      return 0;
    }
    int wanted = Math.min(length, sendRoom());
    sender.queuing(pcbs.now());
    int taken = sender.queue().copy(pcbs.buffers(), source, offset, wanted);
    if (taken < wanted) {
      timers.arm(ConnectionTimers.MEMORY, pcbs.now() + TcpLimits.MEMORY_RETRY);
    }
    // A queue that is full and yet below a segment would wait for ever. Where memory is so scarce
    // that there is no room again before the queue is empty, its last segment counts as well.
    boolean last =
        sender.queue().bytes() <= sender.segmentSize()
            || pcbs.buffers().pressure() == MemoryPressure.HARD;
    boolean full = taken < length && last;
    queued(full || (push && taken == length));
    return taken;
  }

  @Override
  public void send(Chunk chunk, int offset, int length, boolean push) {
    requireUnfinished();
    if (offset < 0 || length < 0 || length > chunk.capacity() - offset) {
      throw new IndexOutOfBoundsException(
          length + " bytes at " + offset + " of a chunk of " + chunk.capacity());
    }
    if (length > SendQueue.MOST - sender.queue().bytes()) {
      throw new IllegalStateException(
          "a send queue of more than " + SendQueue.MOST + " bytes, to " + remote);
    }
    if (!inTables || length == 0) {
      chunk.release();
      return;
    }
    sender.queuing(pcbs.now());
    sender.queue().append(chunk, offset, length);
    queued(push);
  }

  @Override
  public int sendUrgent(MemorySegment source, long offset, int length) {
    int taken = send(source, offset, length, true);
    if (taken > 0) {
      sender.urge();
      // The peer is to know even where its window is closed.
      receiver.acknowledgeNow();
    }
    return taken;
  }

  private void requireUnfinished() {
    if (sender.isFinished()) {
      throw new IllegalStateException("the direction to " + remote + " was released");
    }
  }

  private void queued(boolean push) {
    if (push) {
      sender.push();
    }
    flushLater();
  }

  @Override
  public long queued() {
    return sender.queue().bytes();
  }

  @Override
  public void release() {
    if (!inTables || sender.isFinished()) {
      return;
    }
    sender.finish(pcbs.now());
    // RFC 9293 §3.10.4. In the handshake's states the FIN waits for its end; differs from it in
    // SYN-SENT, where CLOSE deletes the connection: that is abandon().
    if (state == TcpState.ESTABLISHED) {
      state = TcpState.FIN_WAIT_1;
    } else if (state == TcpState.CLOSE_WAIT) {
      state = TcpState.LAST_ACK;
    }
    flushLater();
  }

  @Override
  public long available() {
    return receiver.queue().bytes();
  }

  @Override
  public long urgent() {
    return receiver.urgentBytes();
  }

  @Override
  public boolean isDrained() {
    return receiver.isFinished() && receiver.queue().isEmpty();
  }

  @Override
  public int receive(MemorySegment target, long offset, int length) {
    int count = receiver.queue().read(target, offset, length);
    if (count > 0) {
      receiver.opened(count);
    }
    return count;
  }

  @Override
  public int peek(long skip, MemorySegment target, long offset, int length) {
    return receiver.queue().peek(skip, target, offset, length);
  }

  @Override
  public @Nullable Landing take() {
    Landing landing = receiver.queue().take();
    if (landing != null) {
      receiver.taken(landing.length());
      flushLater();
    }
    return landing;
  }

  @Override
  public void credit(int bytes) {
    if (bytes < 0 || bytes > receiver.uncredited()) {
      throw new IllegalArgumentException(
          "credit of " + bytes + " bytes where " + receiver.uncredited() + " were taken");
    }
    receiver.credit(bytes);
  }

  @Override
  public void abort() {
    if (inTables) {
      // RFC 9293 §3.10.5.
      switch (state) {
        case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT ->
            pcbs.writer().reset(this);
        case CLOSING, LAST_ACK -> {
          if (sender.queue().bytes() > 0) {
            pcbs.writer().reset(this);
          }
        }
        default -> {}
      }
    }
    vanish();
  }

  @Override
  public void abandon() {
    if (orphan) {
      // Once is enough, and counts once.
      return;
    }
    if (!inTables || state == TcpState.SYN_SENT) {
      vanish();
      return;
    }
    // RFC 2525 §2.17: unread data will never be read, and the peer must learn of that.
    boolean unread = receiver.held() > 0 || !receiver.reassembly().isEmpty();
    if (unread || settings.lingerNanos() == 0 || !pcbs.adopt(this)) {
      abort();
      return;
    }
    end.forget();
    orphan = true;
    release();
    if (state == TcpState.FIN_WAIT_2) {
      timers.arm(ConnectionTimers.ORPHAN, pcbs.now() + TcpLimits.ORPHAN_FIN_WAIT);
    } else if (settings.lingerNanos() != TcpSettings.LINGER) {
      timers.arm(ConnectionTimers.ORPHAN, pcbs.now() + settings.lingerNanos());
    }
  }

  @Override
  public void settings(TcpSettings changed) {
    settings = changed;
    receiver.wanted(changed.receiveBuffer());
    sender.congestion().use(changed.congestion(), pcbs.now());
    armKeepAlive(pcbs.now());
    if (userTimeout.changed(changed) && state.isSynchronized()) {
      receiver.acknowledgeNow();
    }
    flushLater();
  }

  @Override
  public int receivedDscp() {
    return receivedDscp;
  }

  @Override
  public PcbView view() {
    String owner = orphan ? "orphan" : end.isUnattended() ? "listener" : "endpoint";
    return new PcbView(
        "tcp",
        PcbView.List.ACTIVE,
        state.label(),
        local,
        remote,
        owner,
        queued(),
        available(),
        state.isHandshake() ? 0 : sender.congestion().window(),
        sender.rtt().smoothed(),
        sender.retransmitted(),
        sender.congestion().name(),
        pcbs.index());
  }

  @Override
  public String toString() {
    return local + " to " + remote + " " + state.label();
  }
}
