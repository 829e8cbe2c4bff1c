package org.penstock.simulator;

import java.util.StringJoiner;
import org.penstock.api.netif.impairment.ImpairmentConfig;

/** A scenario in lines for people. */
record ScenarioText(Scenario scenario) {

  @Override
  public String toString() {
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add(
        scenario.family().label()
            + ", "
            + scenario.topology().name().toLowerCase(java.util.Locale.ROOT)
            + (scenario.isClean() ? ", clean" : ""));
    scenario.hosts().forEach(host -> lines.add("  " + host));
    for (int i = 0; i < scenario.links().size(); i++) {
      LinkPlan link = scenario.links().get(i);
      String host = scenario.hosts().get(i).name();
      lines.add("  link of " + host + ", up: " + text(link.up()));
      lines.add("  link of " + host + ", down: " + text(link.down()));
    }
    scenario.disturbances().forEach(event -> lines.add("  " + event));
    for (FlowPlan flow : scenario.flows()) {
      lines.add("  " + flow + (scenario.isHarsh(flow) ? " (harsh)" : ""));
    }
    return lines.toString();
  }

  private static String text(ImpairmentConfig way) {
    return way.toString().replace("ImpairmentConfig", "");
  }
}
