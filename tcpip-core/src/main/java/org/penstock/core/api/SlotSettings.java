package org.penstock.core.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;

/**
 * What a person sets of an interface.
 *
 * @param name such as {@code net0}
 * @param mac the station address, null for one derived from the names of stack and slot, so that it
 *     survives a change of driver
 * @param addresses its addresses with their prefix lengths
 * @param gateway the default gateway, null for none
 * @param mtu largest IP packet in bytes, 0 for the driver's
 * @param standby how many drivers are kept attached beside the one at work, 0 to 7; with any, the
 *     link decides who is at work, and else the ranking alone
 * @param failbackNanos how long a driver of higher ranking must have had its link again, without a
 *     break, before it takes over from a standby that works
 */
public record SlotSettings(
    String name,
    @Nullable MacAddress mac,
    List<IpPrefix> addresses,
    @Nullable IpAddress gateway,
    int mtu,
    int standby,
    long failbackNanos) {

  /** Five seconds: a link that comes and goes more often than that stays unused. */
  public static final long FAILBACK_NANOS = 5_000_000_000L;

  private static final int MOST_STANDBY = 7;

  /** Copies the list and refuses what can't be. */
  public SlotSettings {
    if (!name.matches("[A-Za-z][A-Za-z0-9_.-]{0,31}")) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not a slot name: write up to 32 letters, digits, '_', '.' or '-',"
              + " a letter first, such as net0");
    }
    if (mtu != 0 && (mtu < 68 || mtu > 65_535)) {
      throw new IllegalArgumentException(
          "MTU "
              + mtu
              + " of slot "
              + name
              + " is not between 68 and 65535 bytes, nor 0 for the"
              + " driver's");
    }
    if (mac != null && (mac.isGroup() || mac.equals(MacAddress.ZERO))) {
      throw new IllegalArgumentException(
          "MAC address "
              + mac
              + " of slot "
              + name
              + " is not a station's: its group bit is set,"
              + " or it is zero");
    }
    if (standby < 0 || standby > MOST_STANDBY || failbackNanos < 0) {
      throw new IllegalArgumentException(
          standby
              + " standby drivers of slot "
              + name
              + " that give back after "
              + failbackNanos
              + " ns: need 0 to "
              + MOST_STANDBY
              + ", and a time of 0 or more");
    }
    addresses = List.copyOf(addresses);
  }

  /** A slot without standby. */
  public SlotSettings(
      String name,
      @Nullable MacAddress mac,
      List<IpPrefix> addresses,
      @Nullable IpAddress gateway,
      int mtu) {
    this(name, mac, addresses, gateway, mtu, 0, FAILBACK_NANOS);
  }

  /** A slot with one address and all else by default. */
  public static SlotSettings of(String name, String prefix) {
    return new SlotSettings(name, null, List.of(IpPrefix.parse(prefix)), null, 0);
  }

  /** The same with other addresses. */
  public SlotSettings withAddresses(List<IpPrefix> others) {
    return new SlotSettings(name, mac, others, gateway, mtu, standby, failbackNanos);
  }

  /** The same with drivers that stand by. */
  public SlotSettings withStandby(int drivers, long failback) {
    return new SlotSettings(name, mac, addresses, gateway, mtu, drivers, failback);
  }
}
