package org.penstock.netif.fault.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is typed behind {@code net:fault}.
 *
 * @param stack the stack, null for the one with the highest ranking
 * @param slot the interface, null to show all
 * @param isOff true to take the injector away
 * @param options properties to set
 */
record FaultRequest(
    @Nullable String stack, @Nullable String slot, boolean isOff, Map<String, String> options) {

  static FaultRequest parse(String[] words) {
    String stack = null;
    String way = "";
    List<String> operands = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      switch (word) {
        case "--in" -> way = FaultProperties.IN;
        case "--out" -> way = FaultProperties.OUT;
        case "-s", "--stack" -> stack = value(words, i++);
        default -> {
          if (word.startsWith("-")) {
            options.put(property(word), value(words, i++));
          } else {
            operands.add(word);
          }
        }
      }
    }
    boolean off = operands.size() == 2 && operands.get(1).equals("off");
    boolean shows = operands.isEmpty() && options.isEmpty();
    boolean sets = operands.size() == 1 && !options.isEmpty();
    if (!shows && !sets && !(off && options.isEmpty())) {
      throw new FaultException(
          "net:fault takes nothing, 'INTERFACE off', or 'INTERFACE --loss 0.01' and the like, not '"
              + String.join(" ", words)
              + "'; see help net:fault");
    }
    return new FaultRequest(
        stack, operands.isEmpty() ? null : operands.getFirst(), off, directed(way, options));
  }

  private static Map<String, String> directed(String way, Map<String, String> options) {
    Map<String, String> directed = new LinkedHashMap<>();
    options.forEach((property, value) -> {
      boolean impairs = FaultProperties.IMPAIRMENTS.contains(property);
      directed.put(impairs ? way + property : property, value);
    });
    return directed;
  }

  private static String property(String option) {
    String property = option.replaceFirst("^--?", "").replace('-', '.');
    if (!FaultProperties.IMPAIRMENTS.contains(property)
        && !property.equals(FaultProperties.SEED)
        && !property.equals(FaultProperties.MEMORY)) {
      throw new FaultException("net:fault: unknown option '" + option + "'; see help net:fault");
    }
    return property;
  }

  private static String value(String[] words, int option) {
    if (option + 1 == words.length) {
      throw new FaultException(
          "net:fault: option '" + words[option] + "' needs a value; see help net:fault");
    }
    return words[option + 1];
  }
}
