package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/**
 * A client that is killed leaves nothing in the stack, whatever it did: no PCB once TIME-WAIT is
 * over, no endpoint, no memory.
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class KilledClientIT {

  private static final int CLIENTS = 5;

  private static TapSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = TapSystem.start("killed", Map.of("time.wait.seconds", "1"), Map.of());
    new SeededContent(1, 64L << 20).writeTo(system.www("large"));
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  /**
   * Several clients at once.
   *
   * @param command what each runs; {@code ADDRESS} stands for the stack's
   * @param carried bytes that each connection has carried at least before they are killed
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "download,        exec curl -s --limit-rate 200k -o /dev/null http://ADDRESS/large, 300000",
    "reader that reads nothing, exec ncat --recv-only ADDRESS 19,                        60000",
    "upload,          exec ncat --send-only ADDRESS 9 </dev/zero,                      1000000",
    "echo,            exec ncat ADDRESS 7 </dev/zero >/dev/null,                        100000",
    "silent,          exec ncat ADDRESS 7,                                                   0"
  })
  void leavesNothing(String name, String command, long carried) throws Exception {
    system.awaitIdle();
    StackProbe stack = system.stack();
    int endpoints = stack.endpointCount();
    StackProbe.Held held = stack.held();

    List<Process> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(system.start(command.replace("ADDRESS", STACK)));
    }
    Eventually.await(
        CLIENTS + " clients in the middle",
        () -> stack.connectedEndpoints().size() == CLIENTS && stack.leastCarried() >= carried,
        stack::connectedEndpoints);
    assertThat(stack.connections()).hasSize(CLIENTS);

    clients.forEach(Process::destroyForcibly);
    system.awaitIdle();
    Eventually.await(
        "a stack that has its memory back",
        () -> stack.held().isAtMost(held) && stack.endpointCount() == endpoints,
        () -> stack.held() + " of " + held + ", " + stack.endpointCount() + " of " + endpoints);
    assertThat(stack.brokenInvariants()).isEmpty();
  }
}
