package org.penstock.netif.tap.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/**
 * An open TAP or TUN device: one queue of it, and the kernel's side seen from here.
 *
 * <p>Each {@link #read} takes one frame, each {@link #write} or {@link #writev} gives one, with a
 * header of {@link #headerBytes()} in front ({@link VirtioNetHeader}, or nothing). None of them
 * blocks. They may be called by any threads at once; the kernel keeps frames whole. {@link #close}
 * must come after all of them: a descriptor's number is used again.
 */
final class TapDevice implements AutoCloseable {
  private static final int ETHERNET_HEADER = 14;

  /** {@code TUNSETOFFLOAD}: the kernel may leave us checksums to verify nobody has computed. */
  static final int TUN_F_CSUM = 1;

  static final int TUN_F_TSO4 = 2;
  static final int TUN_F_TSO6 = 4;
  static final int TUN_F_USO4 = 0x20;
  static final int TUN_F_USO6 = 0x40;

  /** The state of the kernel's side. */
  enum Link {
    /** Switched on: frames pass. */
    UP,
    /** Switched off ({@code ip link set NAME down}): writes fail, reads find nothing. */
    DOWN,
    /** The device has been deleted; this object will never pass a frame again. */
    GONE
  }

  /** What the opening found; see the accessors of the same names. */
  record Facts(
      boolean created,
      boolean persistent,
      boolean multiQueue,
      int headerBytes,
      int offload,
      List<String> fallbacks) {}

  private final int fd;
  private final LinkSocket links;
  private final Facts facts;
  private final TapSettings settings;

  TapDevice(int fd, LinkSocket links, TapSettings settings, Facts facts) {
    this.fd = fd;
    this.links = links;
    this.settings = settings;
    this.facts = facts;
  }

  /**
   * Opens the device, after creating it where there is none.
   *
   * @throws TapException when that is impossible; its message says what to do
   */
  static TapDevice open(TapSettings settings) throws TapException {
    return new TapOpener(settings).open();
  }

  /**
   * Takes a device's persistence away, so that it disappears when nobody has it open.
   *
   * @param settings which device; must exist
   * @throws TapException when it does not exist or cannot be opened
   */
  static void remove(TapSettings settings) throws TapException {
    new TapOpener(settings).remove();
  }

  /** The descriptor, for polling. */
  int fd() {
    return fd;
  }

  /** The descriptor that becomes readable when {@link #link} or {@link #mtu} may have changed. */
  int changesFd() {
    return links.fd();
  }

  /** Takes note of what made {@link #changesFd} readable. One thread at a time. */
  void drainChanges() {
    links.drain();
  }

  /** Whether the device did not exist before. */
  boolean created() {
    return facts.created();
  }

  /** Whether it stays when it is closed. */
  boolean persistent() {
    return facts.persistent();
  }

  /** Whether others can open it at the same time. */
  boolean multiQueue() {
    return facts.multiQueue();
  }

  /** Bytes before each frame: {@link VirtioNetHeader#BYTES}, or 0. */
  int headerBytes() {
    return facts.headerBytes();
  }

  /** What the kernel leaves to us and takes from us: {@code TUN_F_} bits. */
  int offload() {
    return facts.offload();
  }

  /** What was asked for and not to be had, a sentence each. */
  List<String> fallbacks() {
    return facts.fallbacks();
  }

  /** Its name now (it can be renamed), or the one it was opened by if it is gone or parked. */
  String name() {
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, "");
      int error = Libc.ioctl(fd, TapOpener.TUNGETIFF, request.memory());
      return error < 0 ? settings.name() : request.name();
    }
  }

  /** The state of the kernel's side. The device must not be {@linkplain #park parked}. */
  Link link() {
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, "");
      int flags = -Errno.ENODEV;
      // Again when it is renamed or deleted between the two calls.
      while (flags == -Errno.ENODEV) {
        if (Libc.ioctl(fd, TapOpener.TUNGETIFF, request.memory()) < 0) {
          return Link.GONE;
        }
        flags = links.flags(request.name());
      }
      return flags >= 0 && (flags & InterfaceRequest.IFF_UP) != 0 ? Link.UP : Link.DOWN;
    }
  }

  /**
   * Takes the queue out of service: the kernel sends it nothing, and forgets what waited in it. A
   * device with a single queue cannot, and keeps collecting frames.
   */
  void park() {
    if (multiQueue()) {
      setQueue(TapOpener.IFF_DETACH_QUEUE);
    }
  }

  /**
   * Puts the queue into service again.
   *
   * @throws TapException when the device has been deleted meanwhile
   */
  void unpark() throws TapException {
    int error = multiQueue() ? setQueue(TapOpener.IFF_ATTACH_QUEUE) : 0;
    if (error < 0 || link() == Link.GONE) {
      throw new TapException(what() + " has been deleted; open it again to create it anew");
    }
  }

  /** What it is, for messages: {@code the TAP device 'tap0'}. */
  String what() {
    return "the " + settings.kind() + " device '" + settings.name() + "'";
  }

  /** Bytes of the link header at the start of each frame. */
  int linkHeader() {
    return settings.linkType() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
  }

  private int setQueue(int flag) {
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, "");
      request.flags(flag);
      return Libc.ioctl(fd, TapOpener.TUNSETQUEUE, request.memory());
    }
  }

  /** The MTU of the kernel's side in bytes, or the negated errno. */
  int mtu() {
    return links.mtu(name());
  }

  /** The kernel's index of the interface in its namespace, or the negated errno. */
  int index() {
    return links.index(name());
  }

  /**
   * The Ethernet address of the kernel's side; {@link MacAddress#ZERO} if the device is gone or
   * parked, and for a TUN, which has none.
   */
  MacAddress mac() {
    if (settings.linkType() != LinkType.ETHERNET) {
      return MacAddress.ZERO;
    }
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, "");
      int error = Libc.ioctl(fd, InterfaceRequest.SIOCGIFHWADDR, request.memory());
      return error < 0 ? MacAddress.ZERO : request.mac();
    }
  }

  /**
   * Reads one frame with its header. What does not fit into the buffer is lost.
   *
   * @return bytes, or −1: there is none, or something is wrong, which {@link #readOrErrno} tells
   */
  long read(MemorySegment buffer, long length) {
    return Libc.read(fd, buffer, length);
  }

  /** Writes one frame with its header. Gives its bytes, or −1 for any failure. */
  long write(MemorySegment frame, long length) {
    return Libc.write(fd, frame, length);
  }

  /** Writes one frame gathered from an array of {@code struct iovec}, the header first. */
  long writev(MemorySegment vector, int count) {
    return Libc.writev(fd, vector, count);
  }

  /** {@link #read} that gives the negated errno. */
  long readOrErrno(MemorySegment buffer, long length) {
    return Libc.readOrErrno(fd, buffer, length);
  }

  /** {@link #writev} that gives the negated errno. */
  long writevOrErrno(MemorySegment vector, int count) {
    return Libc.writevOrErrno(fd, vector, count);
  }

  /** Closes the queue; a device that is not persistent disappears with the last one. */
  @Override
  public void close() {
    Libc.close(fd);
    links.close();
  }
}
