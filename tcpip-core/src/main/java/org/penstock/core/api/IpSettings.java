package org.penstock.core.api;

/**
 * What an application asks of the IP header of its packets (RFC 9293 §3.9.1.9 and §3.9.2, RFC 1122
 * §4.1.4). The two bits beside the DiffServ codepoint are the stack's own (ECN, RFC 3168).
 *
 * @param dscp the DiffServ codepoint (RFC 2474 §3), 0 to 63: the upper six bits of the field that
 *     once was the type of service, or of IPv6's traffic class; 46 is expedited forwarding
 * @param timeToLive hops that packets set out with, 1 to 255; 0 for the default, which is 64, and 1
 *     for multicasts (RFC 1112 §6.1)
 */
public record IpSettings(int dscp, int timeToLive) {

  /** Best effort, the default number of hops. */
  public static final IpSettings DEFAULT = new IpSettings(0, 0);

  /** Refuses what does not fit the header. */
  public IpSettings {
    if (dscp < 0 || dscp > 63) {
      throw new IllegalArgumentException(
          "DiffServ codepoint " + dscp + " is not between 0 and 63: leave the two ECN bits out");
    }
    if (timeToLive < 0 || timeToLive > 255) {
      throw new IllegalArgumentException(
          "time to live " + timeToLive + " is not between 1 and 255, nor 0 for the default");
    }
  }

  /** The same with another DiffServ codepoint. */
  public IpSettings withDscp(int codepoint) {
    return new IpSettings(codepoint, timeToLive);
  }

  /** The same with another time to live, 0 for the default. */
  public IpSettings withTimeToLive(int hops) {
    return new IpSettings(dscp, hops);
  }
}
