package org.penstock.shell.internal.ping;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Icmp;
import org.penstock.shell.internal.CommandException;
import org.penstock.shell.internal.table.Units;

/**
 * Sends echo requests one after the other and says what came of each.
 *
 * @param remote where to
 * @param count how many, at least 1
 * @param size bytes of payload
 * @param intervalNanos from one request to the next
 * @param timeoutNanos how long to wait for each reply
 */
public record Ping(IpAddress remote, int count, int size, long intervalNanos, long timeoutNanos) {

  /** Most bytes of payload: 65535 less the headers. */
  public static final int MOST_BYTES = 65_507;

  /** Waits; the test's does not. */
  @FunctionalInterface
  public interface Pause {
    /** Waits that many nanoseconds. */
    void pause(long nanos) throws InterruptedException;
  }

  /** Refuses what can't be. */
  public Ping {
    if (count < 1) {
      throw new CommandException("count " + count + " is not a whole number from 1");
    }
    if (size < 0 || size > MOST_BYTES) {
      throw new CommandException(
          "size " + size + " is not a whole number from 0 to " + MOST_BYTES + " bytes");
    }
    if (intervalNanos < 0 || timeoutNanos <= 0) {
      throw new CommandException("the interval must not be negative, the timeout not be 0");
    }
  }

  /**
   * Sends them; on the calling thread, at passive level. An interrupt ends it early.
   *
   * @param lines is given a line for each answer
   */
  public PingReport run(Icmp icmp, Pause pause, Consumer<String> lines) {
    lines.accept("ping " + remote + ": " + size + " bytes of data");
    List<Icmp.Echo> echoes = new ArrayList<>();
    int sent = 0;
    try {
      while (sent < count) {
        sent++;
        Icmp.Echo echo = icmp.echo(remote, size, timeoutNanos).toCompletableFuture().get();
        echoes.add(echo);
        lines.accept(line(sent, echo));
        long rest = intervalNanos - echo.roundTripNanos();
        if (sent < count && rest > 0 && echo.outcome() != Icmp.Outcome.TIMED_OUT) {
          pause.pause(rest);
        }
      }
    } catch (InterruptedException e) {
      // Ctrl-C: what there is so far is the result.
      lines.accept("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an echo never ends exceptionally", e);
    }
    return PingReport.of(remote, echoes);
  }

  private String line(int sequence, Icmp.Echo echo) {
    return switch (echo.outcome()) {
      case REPLY ->
          String.format(
              Locale.ROOT,
              "%d bytes from %s: seq=%d ttl=%d time=%s ms",
              echo.bytes(),
              echo.from(),
              sequence,
              echo.timeToLive(),
              Units.milliseconds(echo.roundTripNanos()));
      case TIMED_OUT ->
          "no reply from " + remote + " within " + Units.time(timeoutNanos) + ": seq=" + sequence;
      case UNREACHABLE ->
          echo.from().equals(remote)
              ? remote + " is unreachable: seq=" + sequence
              : remote + " is unreachable, says " + echo.from() + ": seq=" + sequence;
    };
  }
}
