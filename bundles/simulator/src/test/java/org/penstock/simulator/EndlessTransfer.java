package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.SeededContent;

/**
 * One direction of a connection, busy until it is told to finish: a thread that sends, and one that
 * sleeps in receives; both by blocking calls, both hash what passes.
 */
final class EndlessTransfer {

  private static final int PIECE = 8 * 1024;

  private final SeededContent content;
  private final ConnectionEndpoint from;
  private final ConnectionEndpoint to;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong received = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final MessageDigest sentHash;
  private final MessageDigest receivedHash;
  private long sent;
  private volatile boolean finishing;

  EndlessTransfer(String name, long seed, ConnectionEndpoint from, ConnectionEndpoint to)
      throws Exception {
    this.content = new SeededContent(seed, Long.MAX_VALUE);
    this.from = from;
    this.to = to;
    this.sentHash = MessageDigest.getInstance("SHA-256");
    this.receivedHash = MessageDigest.getInstance("SHA-256");
    threads.add(thread("send " + name, this::send));
    threads.add(thread("receive " + name, this::receive));
  }

  private interface Body {
    void run() throws Exception;
  }

  private Thread thread(String name, Body body) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .unstarted(() -> {
          try {
            body.run();
          } catch (Throwable e) {
            failure.compareAndSet(null, new AssertionError(name, e));
          }
        });
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Bytes that have arrived. */
  long bytes() {
    return received.get();
  }

  /** Throws what one of the threads died of. */
  void check() {
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Ends the direction in order, and requires that every byte sent has arrived. */
  void finish() throws InterruptedException {
    finishing = true;
    for (Thread thread : threads) {
      thread.join();
    }
    check();
    assertThat(bytes()).isEqualTo(sent);
    assertThat(receivedHash.digest()).isEqualTo(sentHash.digest());
  }

  private void send() throws Exception {
    byte[] piece = new byte[PIECE];
    MemorySegment source = MemorySegment.ofArray(piece);
    while (!finishing) {
      content.fill(sent, source);
      sentHash.update(piece);
      from.send(source, 0, PIECE, null);
      sent += PIECE;
    }
    from.disconnect(Disconnect.RELEASE, null);
  }

  private void receive() throws Exception {
    byte[] piece = new byte[PIECE];
    MemorySegment target = MemorySegment.ofArray(piece);
    ContentVerifier verifier = content.verifier();
    while (true) {
      int count = (int) to.receive(target, 0, PIECE, null);
      if (count == 0) {
        return;
      }
      verifier.accept(piece, 0, count);
      verifier.check();
      receivedHash.update(piece, 0, count);
      received.addAndGet(count);
    }
  }
}
