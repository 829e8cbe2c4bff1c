package org.penstock.shell.internal;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/** Reads what is typed behind a command; what is wrong is said in one line. */
public final class Operands {

  private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000L);
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(86_400);

  /** The description of the operands of a command that takes none. */
  public static final String NONE = "nothing: it takes options only";

  private Operands() {}

  /** Complains of operands where there should be none. */
  public static void none(String command, String[] operands) {
    refuseOptions(command, operands);
    if (operands.length != 0) {
      throw new CommandException(
          command
              + " takes options only, not '"
              + String.join(" ", operands)
              + "'; see "
              + command
              + " --help");
    }
  }

  /**
   * The only operand.
   *
   * @param what it is, such as {@code ADDRESS}
   */
  public static String one(String command, String what, String[] operands) {
    refuseOptions(command, operands);
    if (operands.length != 1) {
      throw new CommandException(
          command
              + " takes one "
              + what
              + ", not "
              + operands.length
              + "; see "
              + command
              + " --help");
    }
    return operands[0];
  }

  /**
   * The name in {@code use NAME}.
   *
   * @return null if there are no operands
   */
  public static @Nullable String use(String command, String[] operands) {
    refuseOptions(command, operands);
    if (operands.length == 0) {
      return null;
    }
    if (operands.length != 2 || !operands[0].equals("use")) {
      throw new CommandException(
          command + " takes nothing or 'use NAME', not '" + String.join(" ", operands) + "'");
    }
    return operands[1];
  }

  /** What Gogo does not know as an option it takes for an operand. */
  private static void refuseOptions(String command, String[] operands) {
    for (String operand : operands) {
      if (operand.startsWith("-")) {
        throw new CommandException(
            command
                + ": unknown option '"
                + operand
                + "', or one without its value; see "
                + command
                + " --help");
      }
    }
  }

  /** An IP address. */
  public static IpAddress address(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  /** A whole number within bounds. */
  public static int number(String option, String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CommandException(
        option + " '" + text + "' is not a whole number from " + least + " to " + most);
  }

  /** Seconds, as nanoseconds. */
  public static long seconds(String option, String text) {
    try {
      BigDecimal value = new BigDecimal(text);
      if (value.signum() >= 0 && value.compareTo(MOST_SECONDS) <= 0) {
        return value.multiply(SECOND).longValue();
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CommandException(
        option + " '" + text + "' is not a number of seconds from 0 to " + MOST_SECONDS);
  }
}
