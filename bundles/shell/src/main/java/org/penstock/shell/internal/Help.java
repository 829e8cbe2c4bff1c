package org.penstock.shell.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.penstock.shell.internal.table.Column;
import org.penstock.shell.internal.table.Layout;

/**
 * What {@code --help} prints: made of the annotations that Gogo's own {@code help} reads.
 *
 * @param text the text
 */
public record Help(String text) implements Report {

  private record Line(String what, String meaning) {}

  private static final Layout<Line> LAYOUT =
      Layout.of(Column.text("", Line::what), Column.text("", Line::meaning));

  /**
   * The help of a command.
   *
   * @param scope such as {@code net}
   * @param function the command's name; one that is a Java keyword is the method {@code _if}
   */
  public static Help of(Class<?> commands, String scope, String function) {
    for (Method method : commands.getMethods()) {
      String name = method.getName();
      if (method.getDeclaringClass() == commands
          && (name.equals(function) || name.equals("_" + function))) {
        return of(method, scope + ":" + function);
      }
    }
    throw new IllegalArgumentException(commands + " has no command " + function);
  }

  private static Help of(Method method, String command) {
    List<Line> options = new ArrayList<>();
    List<Line> operands = new ArrayList<>();
    StringBuilder usage = new StringBuilder("usage: ").append(command).append(" [OPTION]...");
    for (java.lang.reflect.Parameter parameter : method.getParameters()) {
      Descriptor descriptor = parameter.getAnnotation(Descriptor.class);
      if (descriptor == null || descriptor.value().equals(Operands.NONE)) {
        continue;
      }
      Parameter option = parameter.getAnnotation(Parameter.class);
      // A descriptor begins with the name of what it describes: "ADDRESS: where to".
      String[] parts = descriptor.value().split(": ", 2);
      if (option == null) {
        usage.append(' ').append(parts[0]);
        operands.add(new Line("  " + parts[0], parts[1]));
      } else if (parts.length == 2) {
        options.add(new Line("  " + String.join(", ", option.names()) + " " + parts[0], parts[1]));
      } else {
        options.add(new Line("  " + String.join(", ", option.names()), parts[0]));
      }
    }
    operands.addAll(options);
    String table = LAYOUT.format(operands);
    // Without the heading, which is empty.
    String lines = table.substring(table.indexOf('\n') + 1);
    return new Help(usage + "\n\n" + summary(method) + "\n\n" + lines);
  }

  private static String summary(Method method) {
    Descriptor descriptor = method.getAnnotation(Descriptor.class);
    if (descriptor == null) {
      throw new IllegalArgumentException(method + " has no descriptor");
    }
    String text = descriptor.value();
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
