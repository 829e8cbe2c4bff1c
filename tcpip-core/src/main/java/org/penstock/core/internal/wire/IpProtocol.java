package org.penstock.core.internal.wire;

/** What an IP packet carries (IANA protocol numbers); the IPv6 extension headers among them. */
public final class IpProtocol {
  public static final int HOP_BY_HOP = 0;
  public static final int ICMPV4 = 1;
  public static final int IGMP = 2;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ROUTING = 43;
  public static final int FRAGMENT = 44;
  public static final int ENCAPSULATING_SECURITY_PAYLOAD = 50;
  public static final int AUTHENTICATION_HEADER = 51;
  public static final int ICMPV6 = 58;
  public static final int NO_NEXT_HEADER = 59;
  public static final int DESTINATION_OPTIONS = 60;

  private IpProtocol() {}
}
