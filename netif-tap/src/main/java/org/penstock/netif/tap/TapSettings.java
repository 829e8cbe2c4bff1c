package org.penstock.netif.tap;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;

/**
 * Which TAP or TUN device to open, and how. Immutable; the constructor refuses every value that no
 * kernel would take, with an {@link IllegalArgumentException} that names the property, the value
 * and what is allowed.
 *
 * @param linkType what its frames start with: an Ethernet header makes it a TAP, an IP header a TUN
 * @param name the interface's name on the kernel's side, at most 15 bytes; it is created when there
 *     is none of this name
 * @param netns the network namespace to open it in, as {@code ip netns} names it, or the path of a
 *     namespace file; empty: the one this process runs in
 * @param persistent whether the device stays when it is closed, with its addresses and routes; a
 *     device that was persistent before it was opened always stays
 * @param mtu the MTU to give the kernel's side, in bytes without a link header; 0: leave it as it
 *     is (1500 when newly created)
 * @param mac the Ethernet address to give the kernel's side; null: leave it as it is (random when
 *     newly created, and none for a TUN)
 * @param offload whether to leave checksums and segmentation to the kernel, in both directions, as
 *     far as it offers them
 * @param queues how many queues to open; at present 1
 * @param spinMicros how long to look for frames without sleeping after the last work, in
 *     microseconds; 0: sleep at once
 */
public record TapSettings(
    LinkType linkType,
    String name,
    String netns,
    boolean persistent,
    int mtu,
    @Nullable MacAddress mac,
    boolean offload,
    int queues,
    int spinMicros) {

  /** The smallest MTU that IPv4 permits on a link, in bytes (RFC 791 §3.2). */
  public static final int MTU_MIN = 68;

  /** The largest MTU the kernel gives a TAP device, in bytes: 65535 less the Ethernet header. */
  public static final int MTU_MAX = 65_521;

  /** The largest MTU the kernel gives a TUN device, in bytes. */
  public static final int TUN_MTU_MAX = 65_535;

  /** The longest spin that makes sense, in microseconds. */
  public static final int SPIN_MICROS_MAX = 10_000;

  // The kernel's dev_valid_name; '%' would make it choose a number, so that nobody knew the name.
  private static final Pattern NAME = Pattern.compile("[!-~&&[^/:%]]{1,15}");
  private static final Pattern NAMESPACE = Pattern.compile("[!-~&&[^/]]{1,255}");

  /** Checks every value. */
  public TapSettings {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw refused("name", name, "1 to 15 printable ASCII characters other than '/', ':', '%'");
    }
    boolean namespaceFile = netns.startsWith("/") && netns.indexOf('\0') < 0;
    if (!netns.isEmpty() && !namespaceFile && !NAMESPACE.matcher(netns).matches()) {
      throw refused("netns", netns, "a name that 'ip netns list' shows, or an absolute path");
    }
    int most = linkType == LinkType.ETHERNET ? MTU_MAX : TUN_MTU_MAX;
    if (mtu != 0 && (mtu < MTU_MIN || mtu > most)) {
      throw refused("mtu", mtu, MTU_MIN + " to " + most + " bytes, or 0 to leave it as it is");
    }
    if (mac != null && linkType != LinkType.ETHERNET) {
      throw refused("mac", mac, "none: a TUN device has no Ethernet address");
    }
    if (mac != null && (mac.isGroup() || mac.equals(MacAddress.ZERO))) {
      throw refused("mac", mac, "a station's address, neither a group's nor all zero");
    }
    if (queues != 1) {
      throw refused("queues", queues, "1");
    }
    if (spinMicros < 0 || spinMicros > SPIN_MICROS_MAX) {
      throw refused("spin.micros", spinMicros, "0 to " + SPIN_MICROS_MAX + " microseconds");
    }
  }

  /**
   * The settings of a TAP that suit most: this process's namespace, not persistent, MTU and address
   * as the kernel has them, offload on, one queue, no spinning.
   *
   * @param name the interface's name on the kernel's side
   * @return settings to go on from
   */
  public static TapSettings of(String name) {
    return new TapSettings(LinkType.ETHERNET, name, "", false, 0, null, true, 1, 0);
  }

  /**
   * The same of a TUN, which moves IP packets without a link header.
   *
   * @param name the interface's name on the kernel's side
   * @return settings to go on from
   */
  public static TapSettings tun(String name) {
    return new TapSettings(LinkType.IP, name, "", false, 0, null, true, 1, 0);
  }

  /** These settings with another {@link #name()}. */
  public TapSettings withName(String value) {
    return new TapSettings(
        linkType, value, netns, persistent, mtu, mac, offload, queues, spinMicros);
  }

  /** These settings with another {@link #netns()}. */
  public TapSettings withNetns(String value) {
    return new TapSettings(
        linkType, name, value, persistent, mtu, mac, offload, queues, spinMicros);
  }

  /** These settings with another {@link #persistent()}. */
  public TapSettings withPersistent(boolean value) {
    return new TapSettings(linkType, name, netns, value, mtu, mac, offload, queues, spinMicros);
  }

  /** These settings with another {@link #mtu()}. */
  public TapSettings withMtu(int value) {
    return new TapSettings(
        linkType, name, netns, persistent, value, mac, offload, queues, spinMicros);
  }

  /** These settings with another {@link #mac()}. */
  public TapSettings withMac(@Nullable MacAddress value) {
    return new TapSettings(
        linkType, name, netns, persistent, mtu, value, offload, queues, spinMicros);
  }

  /** These settings with another {@link #offload()}. */
  public TapSettings withOffload(boolean value) {
    return new TapSettings(linkType, name, netns, persistent, mtu, mac, value, queues, spinMicros);
  }

  /** These settings with another {@link #queues()}. */
  public TapSettings withQueues(int value) {
    return new TapSettings(linkType, name, netns, persistent, mtu, mac, offload, value, spinMicros);
  }

  /** These settings with another {@link #spinMicros()}. */
  public TapSettings withSpinMicros(int value) {
    return new TapSettings(linkType, name, netns, persistent, mtu, mac, offload, queues, value);
  }

  /**
   * The file that stands for the network namespace.
   *
   * @return its path, or nothing for the namespace this process runs in
   */
  public Optional<String> namespaceFile() {
    if (netns.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(netns.startsWith("/") ? netns : "/run/netns/" + netns);
  }

  /** What people call such a device: {@code TAP} or {@code TUN}. */
  public String kind() {
    return linkType == LinkType.ETHERNET ? "TAP" : "TUN";
  }

  private static IllegalArgumentException refused(String property, Object value, String allowed) {
    return new IllegalArgumentException(
        "property '" + property + "' has the value '" + value + "'; allowed: " + allowed);
  }
}
