package org.penstock.core.internal.icmp;

import org.penstock.core.internal.ip.IpLayer;

/** Skeleton. */
public final class IcmpErrors {

  /** Errors sent over that IP. */
  public IcmpErrors(IpLayer ip) {}
}
