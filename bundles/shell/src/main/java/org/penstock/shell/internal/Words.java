package org.penstock.shell.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpPrefix;

/** The words of a change: {@code add} or {@code del}, what, and pairs of a name and a value. */
final class Words {

  private final String command;
  private final boolean add;
  private final String subject;
  private final List<String> rest;

  private Words(String command, boolean add, String subject, List<String> rest) {
    this.command = command;
    this.add = add;
    this.subject = subject;
    this.rest = new ArrayList<>(rest);
  }

  /**
   * The words that were typed behind a command.
   *
   * @return null if there are none
   */
  static @Nullable Words of(String command, String[] operands) {
    if (operands.length == 0) {
      return null;
    }
    List<String> words = List.of(operands);
    boolean add = words.getFirst().equals("add");
    if (words.size() < 2 || !add && !words.getFirst().equals("del")) {
      throw new CommandException(
          command
              + " takes nothing, 'add …' or 'del …', not '"
              + String.join(" ", operands)
              + "'; see "
              + command
              + " --help");
    }
    return new Words(command, add, words.get(1), words.subList(2, words.size()));
  }

  boolean isAdd() {
    return add;
  }

  /** What is added or removed. */
  String subject() {
    return subject;
  }

  /** The same, which is a prefix. */
  IpPrefix prefix() {
    try {
      return IpPrefix.parse(subject);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  /** Takes the value behind a name out, or null if the name was not typed. */
  @Nullable String take(String name) {
    int at = rest.indexOf(name);
    if (at < 0) {
      return null;
    }
    if (at + 1 == rest.size()) {
      throw new CommandException(
          command + ": '" + name + "' without its value; see " + command + " --help");
    }
    rest.remove(at);
    return rest.remove(at);
  }

  void requireNoMore() {
    if (!rest.isEmpty()) {
      throw new CommandException(
          command + " does not know '" + String.join(" ", rest) + "'; see " + command + " --help");
    }
  }
}
