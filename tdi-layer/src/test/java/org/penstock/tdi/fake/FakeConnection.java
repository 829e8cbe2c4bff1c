package org.penstock.tdi.fake;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Section;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;

/**
 * A connection without a wire. A test plays the peer by the methods that begin with {@code peer};
 * or it has a {@linkplain #join peer} of its kind, and bytes go there.
 */
public final class FakeConnection implements TcpConnection {

  private final LockGate gate;
  private final int cell;
  private final TransportAddress local;
  private final TransportAddress remote;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ArrayDeque<Landing> received = new ArrayDeque<>();
  private final AtomicInteger landingsOut = new AtomicInteger();
  private @Nullable TcpUser user;
  private @Nullable FakeConnection peer;
  private @Nullable TcpSettings settings;
  private int receivedDscp;
  private int room = Integer.MAX_VALUE;
  private long unacknowledged;
  private long available;
  private long credited;
  private boolean released;
  private boolean peerReleased;
  private boolean releaseAcknowledged;
  private boolean ended;
  private String end = "";

  FakeConnection(LockGate gate, int cell, TransportAddress local, TransportAddress remote) {
    this.gate = gate;
    this.cell = cell;
    this.local = local;
    this.remote = remote;
  }

  // What a test does and sees.

  /** The handshake completes. */
  public void peerAccepts() {
    gate.inside(cell, () -> told().connected(this));
  }

  void peerAcceptsIfAlive() {
    if (!ended) {
      told().connected(this);
    }
  }

  /** Bytes arrive. */
  public void peerSends(String text) {
    peerSends(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What the peer sends from now on has that DiffServ codepoint. */
  public void peerMarks(int dscp) {
    gate.inside(cell, () -> receivedDscp = dscp);
  }

  /** Bytes arrive. */
  public void peerSends(byte[] bytes) {
    gate.inside(cell, () -> arrive(bytes));
  }

  /** The peer's FIN arrives. */
  public void peerReleases() {
    gate.inside(cell, this::finArrives);
  }

  /** The peer acknowledges our FIN. */
  public void peerAcknowledgesRelease() {
    gate.inside(cell, this::finAcknowledged);
  }

  /** The peer acknowledges bytes. */
  public void peerAcknowledges(int bytes) {
    gate.inside(cell, () -> acknowledge(bytes));
  }

  /** The connection fails. */
  public void fails(TcpFailure failure) {
    gate.inside(
        cell,
        () -> {
          if (!ended) {
            ended = true;
            end = failure.name();
            told().failed(this, failure);
          }
        });
  }

  /** Something is wrong with its way. */
  public void hasTrouble(TcpFailure why) {
    gate.inside(cell, () -> told().troubled(this, why));
  }

  /** Limits the send queue. */
  public void room(int bytes) {
    gate.inside(cell, () -> room = bytes);
  }

  /** What was sent so far. */
  public String sent() {
    String[] text = new String[1];
    gate.inside(cell, () -> text[0] = sent.toString(StandardCharsets.UTF_8));
    return text[0];
  }

  /** Empty while it lives; {@code abort}, {@code abandon}, {@code closed}, or the failure. */
  public String end() {
    String[] text = new String[1];
    gate.inside(cell, () -> text[0] = end);
    return text[0];
  }

  /** True once FIN was asked for. */
  public boolean isReleased() {
    boolean[] answer = new boolean[1];
    gate.inside(cell, () -> answer[0] = released);
    return answer[0];
  }

  /** Bytes by which the window was opened again. */
  public long credited() {
    long[] answer = new long[1];
    gate.inside(cell, () -> answer[0] = credited);
    return answer[0];
  }

  /** Buffers that were taken and not given back. */
  public int landingsOut() {
    return landingsOut.get();
  }

  /** The settings it has now. */
  public @Nullable TcpSettings settings() {
    return settings;
  }

  /** Makes two connections each other's peer. */
  static void join(FakeConnection one, FakeConnection other) {
    one.peer = other;
    other.peer = one;
  }

  private TcpUser told() {
    TcpUser present = user;
    if (present == null) {
      throw new IllegalStateException("a connection without a user");
    }
    return present;
  }

  private void arrive(byte[] bytes) {
    if (ended) {
      return;
    }
    MemorySegment memory = MemorySegment.ofArray(bytes.clone());
    Landing landing = new Landing(memory, home -> landingsOut.decrementAndGet());
    landing.describe(0, bytes.length, 0);
    received.add(landing);
    available += bytes.length;
    told().received(this);
  }

  private void finArrives() {
    if (ended || peerReleased) {
      return;
    }
    peerReleased = true;
    told().released(this);
    closeIfBoth();
  }

  private void finAcknowledged() {
    if (ended || releaseAcknowledged) {
      return;
    }
    releaseAcknowledged = true;
    told().releaseAcknowledged(this);
    closeIfBoth();
  }

  private void acknowledge(long bytes) {
    if (!ended) {
      unacknowledged -= bytes;
      told().acknowledged(this, bytes);
    }
  }

  private void closeIfBoth() {
    if (!ended && peerReleased && releaseAcknowledged) {
      ended = true;
      end = "closed";
      told().closed(this);
    }
  }

  private void toPeer(Runnable action) {
    FakeConnection other = peer;
    if (other != null) {
      gate.post(
          new Section(other.cell) {
            @Override
            protected void run() {
              action.run();
            }
          });
    }
  }

  private void check() {
    gate.requireInside(cell);
    if (ended && !end.equals("closed")) {
      AssertionError error = new AssertionError("touched after its end by " + end);
      gate.failures().add(error);
      throw error;
    }
  }

  // What the transport layer does.

  @Override
  public int cell() {
    return cell;
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
  public void user(TcpUser next) {
    check();
    user = next;
  }

  @Override
  public int sendRoom() {
    check();
    return (int) Math.max(0, room - unacknowledged);
  }

  @Override
  public int send(MemorySegment source, long offset, int length, boolean push) {
    check();
    if (released) {
      throw new IllegalStateException("released");
    }
    int part = Math.min(length, sendRoom());
    write(source, offset, part);
    return part;
  }

  @Override
  public int sendUrgent(MemorySegment source, long offset, int length) {
    return send(source, offset, length, true);
  }

  @Override
  public void send(Chunk chunk, int offset, int length, boolean push) {
    check();
    if (released) {
      throw new IllegalStateException("released");
    }
    write(chunk.segment(), offset, length);
    chunk.release();
  }

  private void write(MemorySegment source, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(source, offset, MemorySegment.ofArray(bytes), 0, length);
    unacknowledged += length;
    FakeConnection other = peer;
    if (other == null) {
      sent.writeBytes(bytes);
    } else if (length > 0) {
      toPeer(() -> {
        other.arrive(bytes);
        other.toPeer(() -> acknowledge(length));
      });
    }
  }

  @Override
  public long queued() {
    check();
    return unacknowledged;
  }

  @Override
  public void release() {
    check();
    if (!released) {
      released = true;
      FakeConnection other = peer;
      if (other != null) {
        toPeer(() -> {
          other.finArrives();
          other.toPeer(this::finAcknowledged);
        });
      }
    }
  }

  @Override
  public long available() {
    check();
    return available;
  }

  @Override
  public long urgent() {
    return 0;
  }

  @Override
  public boolean isDrained() {
    check();
    return peerReleased && available == 0;
  }

  @Override
  public int receive(MemorySegment target, long offset, int length) {
    int count = 0;
    while (count < length && !received.isEmpty()) {
      Landing first = received.getFirst();
      int part = Math.min(length - count, first.length());
      MemorySegment.copy(first.segment(), first.offset(), target, offset + count, part);
      first.describe(first.offset() + part, first.length() - part, 0);
      if (first.length() == 0) {
        received.removeFirst();
      }
      count += part;
    }
    check();
    available -= count;
    credited += count;
    return count;
  }

  @Override
  public int peek(long skip, MemorySegment target, long offset, int length) {
    check();
    long left = skip;
    int count = 0;
    for (Landing each : received) {
      int from = (int) Math.min(left, each.length());
      left -= from;
      int part = Math.min(length - count, each.length() - from);
      MemorySegment.copy(each.segment(), each.offset() + from, target, offset + count, part);
      count += part;
    }
    return count;
  }

  @Override
  public @Nullable Landing take() {
    check();
    Landing first = received.pollFirst();
    if (first != null) {
      available -= first.length();
      landingsOut.incrementAndGet();
    }
    return first;
  }

  @Override
  public void credit(int bytes) {
    check();
    credited += bytes;
  }

  @Override
  public void abort() {
    check();
    finish("abort");
  }

  @Override
  public void abandon() {
    check();
    finish("abandon");
  }

  private void finish(String how) {
    boolean reset = !ended && how.equals("abort");
    ended = true;
    end = how;
    FakeConnection other = peer;
    if (other != null && reset) {
      toPeer(() -> {
        if (!other.ended) {
          other.ended = true;
          other.end = "reset";
          other.told().failed(other, TcpFailure.CONNECTION_RESET);
        }
      });
    }
  }

  @Override
  public void settings(TcpSettings wanted) {
    check();
    settings = wanted;
  }

  @Override
  public int receivedDscp() {
    return receivedDscp;
  }

  @Override
  public PcbView view() {
    return new PcbView(
        "tcp",
        PcbView.List.ACTIVE,
        "ESTABLISHED",
        local,
        remote,
        "endpoint",
        unacknowledged,
        available,
        0,
        0,
        0,
        "",
        cell);
  }
}
