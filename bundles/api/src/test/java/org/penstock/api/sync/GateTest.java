package org.penstock.api.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

class GateTest {

  private final StackRuntime runtime = SystemRuntime.get();

  @Test
  void letsEverybodyThroughOnceItIsOpen() {
    for (int round = 0; round < 200; round++) {
      Gate gate = new Gate(runtime);
      int[] written = new int[1];
      List<RuntimeThread> threads = new ArrayList<>();
      int[] seen = new int[4];
      for (int i = 0; i < 4; i++) {
        int index = i;
        threads.add(
            runtime.start(
                "pass-" + i,
                () -> {
                  gate.pass();
                  seen[index] = written[0];
                }));
      }
      assertThat(gate.isOpen()).isFalse();
      written[0] = 42;
      gate.open();
      for (RuntimeThread thread : threads) {
        assertThat(thread.join(runtime.nanoTime() + 60_000_000_000L)).isTrue();
      }
      assertThat(seen).containsOnly(42);
      gate.pass();
    }
  }

  @Test
  void holdsUntilItIsOpen() {
    Gate gate = new Gate(runtime);
    RuntimeThread thread = runtime.start("pass", gate::pass);
    thread.interrupt();
    assertThat(thread.join(runtime.nanoTime() + 5_000_000)).isFalse();
    gate.open();
    assertThat(thread.join(runtime.nanoTime() + 60_000_000_000L)).isTrue();
  }
}
