package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.testkit.Prerequisites;

/** The storm of swaps in its short form: every ordered pair of strategies, every way with a NIC. */
@Timeout(240)
class StormIT {

  private static final String CONNECTIONS = "24";

  /** Seven strategies, each after each other one. */
  private static final int SWAPS = 7 * 6;

  private static final String NIC_SWAPS = "7";

  @BeforeEach
  void requireTools() {
    Prerequisites.requireTap();
    Prerequisites.requireTool("curl", "curl");
  }

  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    try (RunningProcess storm =
        RunningProcess.start(
            List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                Distribution.home().resolve("bin/storm").toString(),
                CONNECTIONS,
                String.valueOf(SWAPS),
                NIC_SWAPS))) {
      assertThat(storm.exitCode()).as("%s", storm.lines()).isZero();

      assertThat(storm.lines())
          .anyMatch(line -> line.startsWith(CONNECTIONS + " connections, 0 broken; "))
          .anyMatch(line -> line.matches("swaps +[0-9]+"))
          .anyMatch(line -> line.matches("pauses +p50 .*, p99 .*, most .*"))
          .anyMatch(line -> line.contains("ACTIVE (0) TIME-WAIT (0)"));
    }
  }
}
