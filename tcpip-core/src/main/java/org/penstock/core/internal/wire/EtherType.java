package org.penstock.core.internal.wire;

/** What an Ethernet frame carries (IANA IEEE 802 numbers). */
public final class EtherType {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;

  /** IEEE 802.1Q tag; the type of what it tags follows after two bytes of tag. */
  public static final int VLAN = 0x8100;

  public static final int IPV6 = 0x86dd;

  /** Values below are a length: IEEE 802.3 frames with an LLC header, which we do not speak. */
  public static final int LOWEST = 0x0600;

  private EtherType() {}
}
