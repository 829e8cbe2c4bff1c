package org.penstock.shell.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.InterfaceView;
import org.penstock.core.api.Stack;

/**
 * A change of the routes, as it is typed behind {@code net:route}.
 *
 * @param add true to add, false to remove
 * @param destination where it leads
 * @param gateway the next hop, null if the destination is on the link
 * @param slot the interface, null for the one whose link the gateway is on
 * @param metric lower is better
 */
public record RouteChange(
    boolean add,
    IpPrefix destination,
    @Nullable IpAddress gateway,
    @Nullable String slot,
    int metric) {

  private static final String COMMAND = "net:route";

  /**
   * Reads a change.
   *
   * @return null if there are no operands
   */
  public static @Nullable RouteChange parse(String[] operands) {
    Words words = Words.of(COMMAND, operands);
    if (words == null) {
      return null;
    }
    boolean add = words.isAdd();
    IpPrefix destination =
        words.subject().equals("default") ? new IpPrefix(IpAddress.ANY_IPV4, 0) : words.prefix();
    String gateway = words.take("via");
    String slot = words.take("dev");
    String metric = words.take("metric");
    words.requireNoMore();
    return new RouteChange(
        add,
        destination,
        gateway == null ? null : Operands.address(gateway),
        slot,
        metric == null ? 0 : Operands.number("metric", metric, 0, Integer.MAX_VALUE));
  }

  /** Makes the change. */
  public void apply(Stack stack) {
    String by = slot == null ? slotOf(stack) : slot;
    try {
      if (add) {
        stack.addRoute(destination, gateway, by, metric);
      } else if (!stack.removeRoute(destination, gateway, by, metric)) {
        throw new CommandException(
            "there is no such route to remove by "
                + by
                + "; those that follow from addresses and gateways go with them");
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private String slotOf(Stack stack) {
    IpAddress hop = gateway;
    if (hop != null) {
      for (InterfaceView each : stack.view().interfaces()) {
        if (each.addresses().stream().anyMatch(prefix -> prefix.contains(hop))) {
          return each.name();
        }
      }
      throw new CommandException("gateway " + hop + " is on the link of no interface");
    }
    throw new CommandException(
        COMMAND + " needs 'via GATEWAY' or 'dev INTERFACE'; see " + COMMAND + " --help");
  }
}
