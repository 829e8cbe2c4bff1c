package org.penstock.netif.fault.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.netif.fault.FaultStatistics;

/**
 * What {@code net:fault} shows: a line for each direction of each injector.
 *
 * @param lines the lines
 */
public record FaultReport(List<Line> lines) {

  /**
   * One direction.
   *
   * @param stack the stack's name
   * @param slot the interface's name
   * @param direction {@code in} or {@code out}
   * @param settings what is set, such as {@code loss=1% delay=20ms}
   * @param statistics what became of the frames
   */
  public record Line(
      String stack, String slot, String direction, String settings, FaultStatistics statistics) {

    @Override
    public String toString() {
      Map<Impairment, Long> happened = new TreeMap<>(statistics.impairments());
      happened.values().removeIf(count -> count == 0);
      StringBuilder text = new StringBuilder();
      text.append(stack).append('/').append(slot).append(' ').append(direction).append(": ");
      text.append(settings.isEmpty() ? "nothing" : settings);
      text.append("; ").append(statistics.frames()).append(" frames, ");
      text.append(statistics.passed()).append(" passed");
      happened.forEach((what, count) -> text.append(", ").append(count).append(' ').append(what));
      append(text, statistics.overflow(), "overflowed");
      append(text, statistics.refused(), "refused");
      append(text, statistics.heldBytes(), "bytes held back");
      return text.toString();
    }

    private static void append(StringBuilder text, long count, String what) {
      if (count != 0) {
        text.append(", ").append(count).append(' ').append(what);
      }
    }
  }

  static FaultReport of(Collection<FaultComponent> components) {
    List<Line> lines = new ArrayList<>();
    for (FaultComponent component : components) {
      FaultComponent.State state = component.state();
      if (state != null) {
        FaultProperties set = new FaultProperties(state.properties());
        lines.add(line(state, "in", set.shown(FaultProperties.IN), state.injector().in()));
        lines.add(line(state, "out", set.shown(FaultProperties.OUT), state.injector().out()));
      }
    }
    return new FaultReport(lines);
  }

  private static Line line(
      FaultComponent.State state, String way, String settings, FaultStatistics statistics) {
    return new Line(state.read().stack(), state.read().slot(), way, settings, statistics);
  }

  /** For the console. */
  @Override
  public String toString() {
    return lines.isEmpty()
        ? "no interface has a fault injector"
        : String.join("\n", lines.stream().map(Line::toString).toList());
  }
}
