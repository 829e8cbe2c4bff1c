package org.penstock.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.junit.jupiter.api.Test;

/** The text of {@code --help}. */
class HelpTest {

  /** A command. */
  public static final class Commands {
    /** Shows. */
    @Descriptor("shows a thing")
    public String _if(
        @Descriptor("N: how many")
            @Parameter(
                names = {"-c", "--count"},
                absentValue = "1")
            String count,
        @Descriptor("all of them")
            @Parameter(names = "--all", presentValue = "true", absentValue = "false")
            boolean all,
        @Descriptor("THING: which") String[] thing) {
      return count + all + thing.length;
    }
  }

  @Test
  void isMadeOfTheDescriptors() {
    assertThat(Help.of(Commands.class, "net", "if").text())
        .isEqualTo(
            """
            usage: net:if [OPTION]... THING

            Shows a thing.

              THING          which
              -c, --count N  how many
              --all          all of them\
            """);
  }
}
