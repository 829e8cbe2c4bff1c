package org.penstock.core.internal.stack;

import java.util.List;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Section;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.core.api.CongestionControls;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.tcp.TcpLayer;

/** The congestion controls of a stack, as others see them. */
final class StackCongestion implements CongestionControls {

  private final CongestionTable table;
  private final Rim rim;
  private final TcpLayer tcp;

  StackCongestion(CongestionTable table, Rim rim, TcpLayer tcp) {
    this.table = table;
    this.rim = rim;
    this.tcp = tcp;
  }

  @Override
  public void add(CongestionControl control) {
    table.add(control);
  }

  @Override
  public void remove(CongestionControl control) {
    table.remove(control);
  }

  @Override
  public List<String> names() {
    return table.names();
  }

  @Override
  public String current() {
    return table.name(table.preferred());
  }

  @Override
  public void use(String name) {
    table.prefer(known(name));
  }

  @Override
  public boolean use(String name, TransportAddress local, TransportAddress remote) {
    String own = name.isEmpty() ? name : known(name);
    int cell = tcp.cellOf(local, remote);
    if (!rim.isInside(cell)) {
      ExecutionLevel.requirePassive("a change of a connection", rim.strategy());
    }
    Change change = new Change(cell, own, local, remote);
    rim.call(change);
    return change.found;
  }

  private String known(String name) {
    if (table.find(name) < 0) {
      throw new IllegalArgumentException(
          "no congestion control '" + name + "': there is " + String.join(", ", names()));
    }
    return name;
  }

  private final class Change extends Section {
    private final String name;
    private final TransportAddress local;
    private final TransportAddress remote;
    private boolean found;

    Change(int cell, String name, TransportAddress local, TransportAddress remote) {
      super(cell);
      this.name = name;
      this.local = local;
      this.remote = remote;
    }

    @Override
    protected void run() {
      found = tcp.congestion(cell(), local, remote, name);
    }
  }
}
