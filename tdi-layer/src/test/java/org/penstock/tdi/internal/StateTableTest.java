package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.Status;

/** Every cell of the table in the code against the table of the contract. */
class StateTableTest {

  /** The contract's table, as it stands there. */
  private static final String CONTRACT =
      """
      | | I | B | L | O | C | D | R1 | R2 |
      | associate | OK>B | AA | AA | AA | AA | AA | AA | AA |
      | disassociate | [NA] | OK>I | [CA] | [CA] | CA | CA | CA | CA |
      | connect | NA | P>C | IC | IC | CA | CA | CA | CA |
      | listen | NA | P>L | P (FIFO) | [IC] | IC | IC | IC | IC |
      | accept | [NA] | IC | IC | OK>D | IC | IC | IC | IC |
      | disconnect, abort | [NA] | [IC] | [OK>B, listens end CANCELLED] | OK>B (rejects) | [OK>B, connect ends REQUEST_ABORTED] | OK>B, all queued requests end | OK>B, the pending release ends too | OK>B |
      | disconnect, release | [NA] | [IC] | [IC] | OK>B (rejects) | [IC] | P>R1 | [IS] | P>B |
      | send | NA | IC | IC | IC | IC | OK/P | IC | OK/P |
      | receive | NA | IC | IC | IC | IC | OK/P | OK/P | [what is buffered, then OK with 0 bytes] |
      | query/set connection info | OK | OK | OK | OK | OK | OK | OK | OK |
      | query address info | [NA] | OK | OK | OK | OK | OK | OK | OK |
      | cancel the pending request | – | – | [>B] | – | [abort, >B] | [send, receive: connection kept] | [release: timer stopped, the FIN stands] | same |
      """;

  private static final Map<String, Status> REFUSALS =
      Map.of(
          "NA", Status.ADDRESS_NOT_ASSOCIATED,
          "AA", Status.ADDRESS_ALREADY_ASSOCIATED,
          "CA", Status.CONNECTION_ACTIVE,
          "IC", Status.INVALID_CONNECTION,
          "IS", Status.INVALID_DEVICE_STATE);

  private static final Pattern NEXT = Pattern.compile(">(R1|R2|[IBLOCD])");

  static Stream<Arguments> cells() {
    List<String> lines = CONTRACT.lines().toList();
    List<String> states = columns(lines.getFirst());
    List<Arguments> cells = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = columns(line);
      for (int i = 1; i < row.size(); i++) {
        cells.add(Arguments.of(row.getFirst(), states.get(i), row.get(i)));
      }
    }
    return cells.stream();
  }

  private static List<String> columns(String line) {
    String inner = line.strip();
    return Arrays.stream(inner.substring(1, inner.length() - 1).split("\\|", -1))
        .map(String::strip)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void cellIsAsTheContractSays(String request, String state, String contract) {
    Rule rule = StateTable.rule(kind(request), state(state));
    String text = contract.replaceAll("[\\[\\]]", "");

    Status refusal = REFUSALS.get(text);
    if (refusal != null) {
      assertThat(rule).isEqualTo(new Rule(Rule.Effect.REFUSED, refusal, null));
    } else {
      assertThat(rule.status()).isEqualTo(Status.SUCCESS);
      assertThat(rule.effect()).isEqualTo(effect(text));
      assertThat(rule.next()).isEqualTo(next(text));
    }
  }

  @Test
  void tableOfTheContractIsComplete() {
    assertThat(cells()).hasSize(12 * EndpointState.values().length);
  }

  private static Rule.Effect effect(String text) {
    if (text.equals("–")) {
      return Rule.Effect.NOTHING;
    }
    if (text.startsWith("OK/P") || text.startsWith("what is buffered")) {
      return Rule.Effect.COMPLETES_OR_PENDS;
    }
    return text.startsWith("P") ? Rule.Effect.PENDS : Rule.Effect.COMPLETES;
  }

  private static @Nullable EndpointState next(String text) {
    Matcher next = NEXT.matcher(text);
    return next.find() ? state(next.group(1)) : null;
  }

  private static EndpointState state(String symbol) {
    return Arrays.stream(EndpointState.values())
        .filter(each -> each.symbol().equals(symbol))
        .findFirst()
        .orElseThrow();
  }

  private static RequestKind kind(String title) {
    return Arrays.stream(RequestKind.values())
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow();
  }
}
