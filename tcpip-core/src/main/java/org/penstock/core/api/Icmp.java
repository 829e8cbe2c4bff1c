package org.penstock.core.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.IpAddress;

/** ICMP, as tools use it. All methods may be called from any thread. */
@ProviderType
public interface Icmp {

  /** How an echo ended. */
  enum Outcome {
    /** A reply came. */
    REPLY,
    /** No reply came in time. */
    TIMED_OUT,
    /** An ICMP error came, or there was no way to send. */
    UNREACHABLE
  }

  /**
   * What came of one echo request.
   *
   * @param outcome how it ended
   * @param from who answered; the destination where nobody did
   * @param bytes payload bytes of the reply, all equal to those sent
   * @param timeToLive of the reply, 0 without one
   * @param roundTripNanos from request to reply, 0 without one
   */
  record Echo(Outcome outcome, IpAddress from, int bytes, int timeToLive, long roundTripNanos) {}

  /**
   * Sends one echo request.
   *
   * @param payload bytes of payload, 0 to 65507
   * @param timeoutNanos how long to wait for the reply
   * @return completed at dispatch level, never exceptionally
   */
  CompletionStage<Echo> echo(IpAddress remote, int payload, long timeoutNanos);
}
