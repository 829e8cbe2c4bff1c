package org.penstock.shell.internal.view;

import java.util.ArrayList;
import java.util.List;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Stack;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.table.Column;
import org.penstock.shell.internal.table.Layout;
import org.penstock.shell.internal.table.Units;

/**
 * The congestion controls of a stack, and which connections use them.
 *
 * @param stack the stack's name
 * @param current the one that the stack uses
 * @param algorithms those that are there
 * @param connections those that use one
 */
public record CongestionReport(
    String stack, String current, List<Algorithm> algorithms, List<PcbView> connections)
    implements Report {

  /**
   * An algorithm.
   *
   * @param name its name
   * @param current true if the stack uses it
   * @param connections how many connections use it
   */
  public record Algorithm(String name, boolean current, long connections) {}

  private static final Layout<Algorithm> ALGORITHMS =
      Layout.of(
          Column.text("ALGORITHM", Algorithm::name),
          Column.text("STACK", each -> each.current() ? "uses it" : ""),
          Column.number("CONNECTIONS", Algorithm::connections));

  private static final Layout<PcbView> CONNECTIONS =
      Layout.of(
          Column.text("LOCAL", PcbView::local),
          Column.text("REMOTE", PcbView::remote),
          Column.text("CONGESTION", PcbView::congestion),
          Column.number("CWND", view -> view.window() == 0 ? "" : Units.bytes(view.window())),
          Column.number(
              "RTT",
              view -> view.smoothedRttNanos() == 0 ? "" : Units.time(view.smoothedRttNanos())),
          Column.number("RETRANS", PcbView::retransmitted));

  /** Looks at a stack. */
  public static CongestionReport of(Stack stack) {
    List<PcbView> connections = new ArrayList<>();
    stack
        .view()
        .pcbs(view -> {
          if (!view.congestion().isEmpty()) {
            connections.add(view);
          }
        });
    String current = stack.congestion().current();
    List<Algorithm> algorithms =
        stack.congestion().names().stream()
            .map(name -> new Algorithm(name, name.equals(current), users(connections, name)))
            .toList();
    return new CongestionReport(stack.name(), current, algorithms, List.copyOf(connections));
  }

  private static long users(List<PcbView> connections, String name) {
    return connections.stream().filter(view -> view.congestion().equals(name)).count();
  }

  @Override
  public String text() {
    String table = ALGORITHMS.format(algorithms);
    return connections.isEmpty() ? table : table + "\n\n" + CONNECTIONS.format(connections);
  }
}
