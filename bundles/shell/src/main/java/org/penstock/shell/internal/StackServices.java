package org.penstock.shell.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.penstock.api.view.StackView;

/**
 * The services of one kind that there are at this moment, one for each stack. All methods may be
 * called from any thread.
 *
 * @param <S> the kind
 */
public final class StackServices<S> {

  private static final String RANKING = "service.ranking";
  private static final String ID = "service.id";

  private record Entry<S>(S service, String stack, int ranking, long id) {}

  private final List<Entry<S>> entries = new CopyOnWriteArrayList<>();

  private final String whenNone;

  /**
   * None so far.
   *
   * @param whenNone what to say while there is none, in one line
   */
  public StackServices(String whenNone) {
    this.whenNone = whenNone;
  }

  /** Stacks, or what looks at them: none so far. */
  public static <S> StackServices<S> ofCore() {
    return new StackServices<>(
        "there is no stack: a configuration of org.penstock.stack makes one");
  }

  /** Transports and their clients: none so far. */
  public static <S> StackServices<S> ofTransport() {
    return new StackServices<>(
        "there is no transport: it takes a stack and the bundle org.penstock.tdi");
  }

  /** A service has come; its properties name its stack. */
  public void bind(S service, Map<String, ?> properties) {
    int ranking = properties.get(RANKING) instanceof Integer number ? number : 0;
    long id = properties.get(ID) instanceof Long number ? number : 0;
    entries.add(new Entry<>(service, String.valueOf(properties.get(StackView.STACK)), ranking, id));
  }

  /** A service goes. */
  public void unbind(S service) {
    entries.removeIf(entry -> entry.service() == service);
  }

  /**
   * The service of a stack.
   *
   * @param name the stack's name, empty for the one with the highest ranking
   * @throws CommandException if there is none; the message names those there are
   */
  public S of(String name) {
    return entries.stream()
        .filter(entry -> name.isEmpty() || entry.stack().equals(name))
        .min(order())
        .map(Entry::service)
        .orElseThrow(() -> none(name));
  }

  private CommandException none(String name) {
    List<String> names = names();
    if (names.isEmpty()) {
      return new CommandException(whenNone);
    }
    return new CommandException("no stack '" + name + "': there is " + String.join(", ", names));
  }

  /** The stacks' names, the default first. */
  public List<String> names() {
    List<Entry<S>> sorted = new ArrayList<>(entries);
    sorted.sort(order());
    return sorted.stream().map(Entry::stack).distinct().toList();
  }

  private static <S> Comparator<Entry<S>> order() {
    return Comparator.<Entry<S>>comparingInt(Entry::ranking)
        .reversed()
        .thenComparingLong(Entry::id);
  }
}
