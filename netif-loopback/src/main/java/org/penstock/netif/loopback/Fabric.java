package org.penstock.netif.loopback;

import java.util.ArrayList;
import java.util.List;
import org.penstock.api.runtime.StackRuntime;

/** What the ports of a switch have in common: each other, and what was learned. */
final class Fabric {

  private final AddressTable addresses;
  private final List<SwitchPort> ports;

  Fabric(SwitchOptions options, StackRuntime runtime) {
    this.addresses = new AddressTable(options.addresses(), options.ageing().toNanos());
    List<SwitchPort> made = new ArrayList<>();
    for (int i = 0; i < options.ports(); i++) {
      made.add(new SwitchPort(this, i, options, runtime));
    }
    this.ports = List.copyOf(made);
  }

  AddressTable addresses() {
    return addresses;
  }

  /** How many ports there are. */
  int size() {
    return ports.size();
  }

  /** A port by its place, from 0. */
  SwitchPort port(int index) {
    return ports.get(index);
  }
}
