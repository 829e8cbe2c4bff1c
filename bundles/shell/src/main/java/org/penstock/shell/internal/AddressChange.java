package org.penstock.shell.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpPrefix;
import org.penstock.api.view.InterfaceView;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;

/**
 * A change of an interface's addresses, as it is typed behind {@code net:addr}.
 *
 * @param add true to add, false to remove
 * @param address the address with its prefix length
 * @param slot the interface, null for the only one
 */
public record AddressChange(boolean add, IpPrefix address, @Nullable String slot) {

  private static final String COMMAND = "net:addr";

  /**
   * Reads a change.
   *
   * @return null if there are no operands
   */
  public static @Nullable AddressChange parse(String[] operands) {
    Words words = Words.of(COMMAND, operands);
    if (words == null) {
      return null;
    }
    boolean add = words.isAdd();
    IpPrefix address = words.prefix();
    String slot = words.take("dev");
    words.requireNoMore();
    return new AddressChange(add, address, slot);
  }

  /** Makes the change. */
  public void apply(Stack stack) {
    String name = slot == null ? onlySlot(stack) : slot;
    Slot chosen = stack.slot(name);
    if (chosen == null) {
      throw new CommandException(
          "there is no interface '" + name + "': there is " + String.join(", ", names(stack)));
    }
    SlotSettings before = chosen.settings();
    List<IpPrefix> addresses = new ArrayList<>(before.addresses());
    if (add) {
      addresses.add(address);
    } else if (!addresses.remove(address)) {
      throw new CommandException(name + " has no address " + address + ", but " + addresses);
    }
    try {
      chosen.configure(before.withAddresses(addresses));
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private static String onlySlot(Stack stack) {
    List<String> names = names(stack);
    if (names.size() != 1) {
      throw new CommandException(
          COMMAND + " needs 'dev INTERFACE': there is " + String.join(", ", names));
    }
    return names.getFirst();
  }

  private static List<String> names(Stack stack) {
    return stack.view().interfaces().stream().map(InterfaceView::name).toList();
  }
}
