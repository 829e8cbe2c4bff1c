package org.penstock.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.shell.internal.CommandException;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Report;

/** What every command owes to its user. */
class CommandsTest {

  private static final List<Class<?>> CLASSES =
      List.of(
          NetCommands.class,
          RoutingCommands.class,
          TdiCommands.class,
          PingCommand.class,
          GetCommand.class,
          StrategyCommand.class,
          CongestionCommand.class);

  /** Gogo takes every public method for a command, so there must be no other. */
  static Stream<Method> commands() {
    return CLASSES.stream()
        .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
        .filter(method -> Modifier.isPublic(method.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysWhatItAndItsParametersAre(Method command) {
    assertThat(command.getReturnType()).isEqualTo(Report.class);
    assertThat(command.isAnnotationPresent(Descriptor.class)).isTrue();
    assertThat(command.getParameters())
        .filteredOn(parameter -> parameter.getType() != CommandSession.class)
        .allMatch(parameter -> parameter.isAnnotationPresent(Descriptor.class));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void takesAStackAndHelp(Method command) {
    List<String> options =
        Arrays.stream(command.getParameters())
            .map(parameter -> parameter.getAnnotation(Parameter.class))
            .filter(annotation -> annotation != null)
            .flatMap(annotation -> Arrays.stream(annotation.names()))
            .toList();

    assertThat(options).contains("-s", "--stack", "--help").doesNotHaveDuplicates();
    String function = command.getName().replace("_", "");
    assertThat(Help.of(command.getDeclaringClass(), "net", function).text())
        .startsWith("usage: net:" + function + " [OPTION]...")
        .contains("-s, --stack NAME", "--help");
  }

  /** Gogo's own complaint would be about the types of a Java method. */
  @ParameterizedTest
  @MethodSource("commands")
  void saysInOneLineWhatItDoesNotTake(Method command) throws Exception {
    Object commands = command.getDeclaringClass().getConstructor().newInstance();
    Object[] arguments =
        Arrays.stream(command.getParameters()).map(CommandsTest::argument).toArray();

    assertThatThrownBy(() -> command.invoke(commands, arguments))
        .cause()
        .isInstanceOf(CommandException.class)
        .message()
        .contains(":" + command.getName().replace("_", ""))
        .doesNotContain("\n");
  }

  private static Object argument(java.lang.reflect.Parameter parameter) {
    Parameter option = parameter.getAnnotation(Parameter.class);
    if (parameter.getType() == boolean.class) {
      return false;
    }
    if (option != null) {
      return option.absentValue();
    }
    return parameter.getType() == String[].class ? new String[] {"this", "and", "that"} : null;
  }
}
