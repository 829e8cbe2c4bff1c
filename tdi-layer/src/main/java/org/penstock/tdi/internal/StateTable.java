package org.penstock.tdi.internal;

import static org.penstock.tdi.EndpointState.BOUND;
import static org.penstock.tdi.EndpointState.CONNECTED;
import static org.penstock.tdi.EndpointState.CONNECTING;
import static org.penstock.tdi.EndpointState.IDLE;
import static org.penstock.tdi.EndpointState.LISTENING;
import static org.penstock.tdi.EndpointState.RELEASED;

import java.util.EnumMap;
import java.util.Map;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.Status;

/**
 * What an endpoint does with a request in each of its states. A request that is refused changes no
 * state. The columns: I idle, without address · B bound, inactive · L listen pending · O offer
 * waits for accept · C connecting · D data · R1 we released · R2 the peer released.
 */
final class StateTable {

  private static final Rule NA = Rule.refused(Status.ADDRESS_NOT_ASSOCIATED);
  private static final Rule AA = Rule.refused(Status.ADDRESS_ALREADY_ASSOCIATED);
  private static final Rule CA = Rule.refused(Status.CONNECTION_ACTIVE);
  private static final Rule IC = Rule.refused(Status.INVALID_CONNECTION);
  private static final Rule IS = Rule.refused(Status.INVALID_DEVICE_STATE);
  private static final Rule OK = Rule.completes();
  private static final Rule OP = Rule.completesOrPends();
  private static final Rule P = Rule.pends();
  private static final Rule NO = Rule.nothing();
  private static final Rule TO_B = OK.to(BOUND);

  private static final Map<RequestKind, Rule[]> ROWS = new EnumMap<>(RequestKind.class);

  static {
    // Request, then the rule in state              I  B  L  O  C  D  R1  R2
    row(RequestKind.ASSOCIATE, OK.to(BOUND), AA, AA, AA, AA, AA, AA, AA);
    row(RequestKind.DISASSOCIATE, NA, OK.to(IDLE), CA, CA, CA, CA, CA, CA);
    row(RequestKind.CONNECT, NA, P.to(CONNECTING), IC, IC, CA, CA, CA, CA);
    row(RequestKind.LISTEN, NA, P.to(LISTENING), P, IC, IC, IC, IC, IC);
    row(RequestKind.ACCEPT, NA, IC, IC, OK.to(CONNECTED), IC, IC, IC, IC);
    row(RequestKind.ABORT, NA, IC, TO_B, TO_B, TO_B, TO_B, TO_B, TO_B);
    row(RequestKind.RELEASE, NA, IC, IC, TO_B, IC, P.to(RELEASED), IS, P.to(BOUND));
    row(RequestKind.SEND, NA, IC, IC, IC, IC, OP, IC, OP);
    row(RequestKind.RECEIVE, NA, IC, IC, IC, IC, OP, OP, OP);
    row(RequestKind.CONNECTION_INFO, OK, OK, OK, OK, OK, OK, OK, OK);
    row(RequestKind.ADDRESS_INFO, NA, OK, OK, OK, OK, OK, OK, OK);
    // In C the connection goes with the connect; in L the state goes with the last listen.
    row(RequestKind.CANCEL, NO, NO, TO_B, NO, TO_B, OK, OK, OK);
    // Not a request of a client's: what a connect handler answered. Only B can take a connection.
    row(RequestKind.TAKE, NA, OK.to(CONNECTED), IC, IC, CA, CA, CA, CA);
  }

  private StateTable() {}

  private static void row(RequestKind kind, Rule... rules) {
    ROWS.put(kind, rules);
  }

  /**
   * The rule for a request in a state.
   *
   * @throws IllegalArgumentException if endpoints do not take requests of that kind
   */
  static Rule rule(RequestKind kind, EndpointState state) {
    Rule[] rules = ROWS.get(kind);
    if (rules == null) {
      throw new IllegalArgumentException("no row of the state table: " + kind.title());
    }
    return rules[state.ordinal()];
  }
}
