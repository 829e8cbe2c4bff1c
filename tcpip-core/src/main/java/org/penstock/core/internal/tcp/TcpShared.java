package org.penstock.core.internal.tcp;

import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.hash.FlowHash;
import org.penstock.core.internal.hash.SipHash;
import org.penstock.core.internal.stack.StackContext;

/**
 * What the cells of a stack's TCP share: immutable, or from any thread.
 *
 * @param context the stack
 * @param listeners who listens
 * @param congestion the congestion controls there are
 * @param flowHash finds a flow's cell and its place there
 * @param sequenceHash a secret function of a flow, for initial sequence numbers
 * @param challengeHash a secret function of time, for limits that nobody is to guess
 * @param timestampHash a secret function of a flow, for where the clock of its timestamps starts
 * @param cookieHash a secret function of a handshake, for SYN cookies
 */
record TcpShared(
    StackContext context,
    Listeners listeners,
    CongestionTable congestion,
    FlowHash flowHash,
    SipHash sequenceHash,
    SipHash challengeHash,
    SipHash timestampHash,
    SipHash cookieHash) {

  private static final long FLOW = 1;
  private static final long SEQUENCE = 2;
  private static final long CHALLENGE = 3;
  private static final long TIMESTAMP = 4;
  private static final long COOKIE = 5;

  static TcpShared of(StackContext context, CongestionTable congestion) {
    // Keys of their own, so that what one function lets slip says nothing of the other.
    SipHash secret = new SipHash(context.secret().first(), context.secret().second());
    return new TcpShared(
        context,
        new Listeners(context.ports()),
        congestion,
        new FlowHash(derived(secret, FLOW)),
        derived(secret, SEQUENCE),
        derived(secret, CHALLENGE),
        derived(secret, TIMESTAMP),
        derived(secret, COOKIE));
  }

  private static SipHash derived(SipHash secret, long purpose) {
    return new SipHash(secret.hash(purpose, 0), secret.hash(purpose, 1));
  }

  /** RFC 6528 §3: a clock of 4 microseconds, and a secret function of the flow. */
  int initialSequence(FlowEntry flow, long now) {
    return (int) (now / 4_000) + hash(sequenceHash, flow);
  }

  /** RFC 7323 §5.4: where the clock of a flow's timestamps starts. */
  int timestampOffset(FlowEntry flow) {
    return hash(timestampHash, flow);
  }

  /** The same of the flow that a segment has come from. */
  int timestampOffset(Segment segment) {
    return (int)
        timestampHash.hash(
            segment.localHigh(),
            segment.localLow(),
            segment.remoteHigh(),
            segment.remoteLow(),
            FlowEntry.ports(segment.localPort(), segment.remotePort()));
  }

  private static int hash(SipHash function, FlowEntry flow) {
    return (int)
        function.hash(
            flow.localHigh(), flow.localLow(), flow.remoteHigh(), flow.remoteLow(), flow.ports());
  }
}
