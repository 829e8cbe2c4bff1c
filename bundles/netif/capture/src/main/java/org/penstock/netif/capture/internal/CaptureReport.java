package org.penstock.netif.capture.internal;

import java.util.List;
import org.penstock.netif.capture.CaptureStatistics;

/**
 * What {@code net:capture} shows.
 *
 * @param lines a line for each capture
 */
public record CaptureReport(List<Line> lines) {

  /**
   * One capture.
   *
   * @param id by which it is stopped
   * @param stack the stack's name
   * @param slot the interface's name
   * @param target where it goes
   * @param statistics how far it is
   */
  public record Line(
      int id, String stack, String slot, String target, CaptureStatistics statistics) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(id).append(' ').append(stack).append('/').append(slot).append(" -> ");
      text.append(target).append(": ").append(statistics.frames()).append(" frames, ");
      text.append(statistics.bytes()).append(" bytes");
      if (statistics.missed() > 0) {
        text.append(", ").append(statistics.missed()).append(" frames missed");
      }
      if (statistics.ended()) {
        text.append(", ended");
      }
      if (!statistics.failure().isEmpty()) {
        text.append(": ").append(statistics.failure());
      }
      return text.toString();
    }
  }

  /** For the console. */
  @Override
  public String toString() {
    return lines.isEmpty()
        ? "nothing is captured"
        : String.join("\n", lines.stream().map(Line::toString).toList());
  }
}
