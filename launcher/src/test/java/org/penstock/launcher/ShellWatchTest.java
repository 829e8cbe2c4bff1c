package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the shell counts as ended. */
@Timeout(60)
class ShellWatchTest {

  private final ShellWatch watch = new ShellWatch("a shell");

  @Test
  void oneThatIsStillToComeHasNotEnded() {
    assertThat(endedAfter(10)).isFalse();
  }

  @Test
  void oneThatRunsHasNot() throws Exception {
    try (Shell shell = new Shell()) {
      assertThat(endedAfter(10)).isFalse();
    }
  }

  @Test
  void oneThatIsGoneHasAfterAWhile() throws Exception {
    try (Shell shell = new Shell()) {
      assertThat(watch.hasEnded()).isFalse();
    }
    assertThat(watch.hasEnded()).as("at once").isFalse();
    assertThat(endedAfter(10)).isTrue();
  }

  @Test
  void oneThatIsReplacedHasNot() throws Exception {
    try (Shell shell = new Shell()) {
      assertThat(watch.hasEnded()).isFalse();
    }
    assertThat(watch.hasEnded()).isFalse();
    try (Shell another = new Shell()) {
      assertThat(endedAfter(10)).isFalse();
    }
  }

  private boolean endedAfter(int looks) {
    boolean ended = false;
    for (int i = 0; i < looks; i++) {
      ended = watch.hasEnded();
    }
    return ended;
  }

  /** A thread of the shell's name, which ends when it is closed. */
  private static final class Shell implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread =
        Thread.ofPlatform()
            .name("a shell")
            .start(() -> {
              try {
                closed.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    @Override
    public void close() throws InterruptedException {
      closed.countDown();
      thread.join();
    }
  }
}
