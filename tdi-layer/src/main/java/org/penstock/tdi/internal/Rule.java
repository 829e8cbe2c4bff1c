package org.penstock.tdi.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.Status;

/**
 * A cell of the {@link StateTable}.
 *
 * @param effect what becomes of the request
 * @param status its status where it is refused, else SUCCESS
 * @param next the state that the request leads to at once or, for a release, in the end; null to
 *     stay
 */
record Rule(Effect effect, Status status, @Nullable EndpointState next) {

  /** What becomes of a request. */
  enum Effect {
    /** It is refused and changes nothing. */
    REFUSED,
    /** It completes now. */
    COMPLETES,
    /** It pends. */
    PENDS,
    /** It completes now if it can, else it pends. */
    COMPLETES_OR_PENDS,
    /** There is nothing that it could apply to. */
    NOTHING
  }

  static Rule refused(Status status) {
    return new Rule(Effect.REFUSED, status, null);
  }

  static Rule completes() {
    return new Rule(Effect.COMPLETES, Status.SUCCESS, null);
  }

  static Rule completesOrPends() {
    return new Rule(Effect.COMPLETES_OR_PENDS, Status.SUCCESS, null);
  }

  static Rule pends() {
    return new Rule(Effect.PENDS, Status.SUCCESS, null);
  }

  static Rule nothing() {
    return new Rule(Effect.NOTHING, Status.SUCCESS, null);
  }

  /** The same, leading to a state. */
  Rule to(EndpointState state) {
    return new Rule(effect, status, state);
  }

  boolean isRefused() {
    return effect == Effect.REFUSED;
  }
}
