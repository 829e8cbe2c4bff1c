package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/**
 * The steps that open a TAP or TUN device: the clone device in the right namespace, then the
 * attachment, then the header, the offloads and the kernel's side. What a kernel or a device lacks
 * is done without and noted; only what makes the device useless is an error. Used once, by one
 * thread.
 */
final class TapOpener {
  static final long TUNSETIFF = 0x400454caL;
  static final long TUNSETPERSIST = 0x400454cbL;
  static final long TUNGETFEATURES = 0x800454cfL;
  static final long TUNSETOFFLOAD = 0x400454d0L;
  static final long TUNGETIFF = 0x800454d2L;
  static final long TUNSETVNETHDRSZ = 0x400454d8L;
  static final long TUNSETQUEUE = 0x400454d9L;

  static final int IFF_TUN = 1;
  static final int IFF_TAP = 2;
  static final int IFF_MULTI_QUEUE = 0x100;
  static final int IFF_ATTACH_QUEUE = 0x200;
  static final int IFF_DETACH_QUEUE = 0x400;
  static final int IFF_PERSIST = 0x800;
  static final int IFF_NO_PI = 0x1000;
  static final int IFF_VNET_HDR = 0x4000;
  static final int IFF_TUN_EXCL = 0x8000;

  private static final String CLONE_DEVICE = "/dev/net/tun";

  // From all there is down to nothing: UDP super-frames since Linux 6.2, and USO4 only with USO6.
  private static final int[] OFFLOADS = {
    TapDevice.TUN_F_CSUM
        | TapDevice.TUN_F_TSO4
        | TapDevice.TUN_F_TSO6
        | TapDevice.TUN_F_USO4
        | TapDevice.TUN_F_USO6,
    TapDevice.TUN_F_CSUM | TapDevice.TUN_F_TSO4 | TapDevice.TUN_F_TSO6,
    TapDevice.TUN_F_CSUM,
    0
  };

  private final TapSettings settings;
  private final List<String> fallbacks = new ArrayList<>();
  private int flags;
  private boolean created;

  TapOpener(TapSettings settings) {
    this.settings = settings;
  }

  private record Descriptors(int tun, LinkSocket links) {}

  TapDevice open() throws TapException {
    Descriptors opened = openDescriptors();
    int fd = opened.tun();
    try {
      attach(fd, true);
      int headerBytes = setHeader(fd);
      int offload = headerBytes == 0 ? 0 : setOffload(fd);
      setAddress(fd);
      setMtu(opened.links());
      // Last, so that a device made here does not outlive an opening that failed half-way.
      boolean persistent = setPersistent(fd);
      var facts =
          new TapDevice.Facts(
              created,
              persistent,
              (flags & IFF_MULTI_QUEUE) != 0,
              headerBytes,
              offload,
              List.copyOf(fallbacks));
      return new TapDevice(fd, opened.links(), settings, facts);
    } catch (TapException | RuntimeException | Error e) {
      Libc.close(fd);
      opened.links().close();
      throw e;
    }
  }

  void remove() throws TapException {
    Descriptors opened = openDescriptors();
    try {
      if (opened.links().index(settings.name()) < 0) {
        throw new TapException("there is no " + what());
      }
      attach(opened.tun(), false);
      int error = Libc.ioctl(opened.tun(), TUNSETPERSIST, 0);
      if (error < 0) {
        throw failed("remove", error, "");
      }
    } finally {
      Libc.close(opened.tun());
      opened.links().close();
    }
  }

  private Descriptors openDescriptors() throws TapException {
    try {
      Libc.requireLinux();
    } catch (UnsupportedOperationException e) {
      throw new TapException(String.valueOf(e.getMessage()));
    }
    return NamespaceVisit.call(
        settings.namespaceFile(),
        () -> {
          LinkSocket links = LinkSocket.open();
          try {
            return new Descriptors(openCloneDevice(), links);
          } catch (TapException | RuntimeException | Error e) {
            links.close();
            throw e;
          }
        });
  }

  private static int openCloneDevice() throws TapException {
    int fd = Libc.open(CLONE_DEVICE, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    if (fd >= 0) {
      return fd;
    }
    String advice =
        switch (-fd) {
          case Errno.ENOENT ->
              "; load the module with 'modprobe tun'; in a container pass the device in"
                  + " (--device /dev/net/tun)";
          case Errno.ENODEV, Errno.ENXIO -> "; load the module with 'modprobe tun'";
          case Errno.EPERM, Errno.EACCES -> "; run as root, or open the file's permissions";
          case Errno.EMFILE, Errno.ENFILE -> "; raise the limit of open files (ulimit -n)";
          default -> "";
        };
    throw new TapException("cannot open " + CLONE_DEVICE + ": " + Errno.text(fd) + advice);
  }

  private void attach(int fd, boolean create) throws TapException {
    flags = (settings.linkType() == LinkType.ETHERNET ? IFF_TAP : IFF_TUN) | IFF_NO_PI;
    int features = features(fd);
    // MULTI_QUEUE even for one queue: a second driver can then attach before the first one leaves.
    if ((features & IFF_MULTI_QUEUE) != 0) {
      flags |= IFF_MULTI_QUEUE;
    } else {
      fallbacks.add(
          "this kernel has no multi-queue devices: no other driver can take over seamlessly");
    }
    if ((features & IFF_VNET_HDR) != 0) {
      flags |= IFF_VNET_HDR;
    } else {
      fallbacks.add("this kernel has no virtio-net header: no offload");
    }
    // Exclusively at first: the answer tells whether the device is ours to create.
    int error = create ? setInterface(fd, flags | IFF_TUN_EXCL) : -Errno.EBUSY;
    created = error >= 0;
    if (error == -Errno.EBUSY) {
      error = setInterface(fd, flags);
    }
    if (error == -Errno.EINVAL && (flags & IFF_MULTI_QUEUE) != 0) {
      // The device exists without MULTI_QUEUE ('ip tuntap add' makes them so), or is of another
      // kind.
      int single = flags & ~IFF_MULTI_QUEUE;
      int second = setInterface(fd, single);
      if (second != -Errno.EINVAL) {
        error = second;
        flags = single;
        fallbacks.add(
            "the device exists with a single queue: no other driver can take over seamlessly;"
                + " create it with 'ip tuntap add "
                + settings.name()
                + " mode "
                + settings.kind().toLowerCase(Locale.ROOT)
                + " multi_queue'");
      }
    }
    if (error < 0) {
      throw failed("open", error, attachmentAdvice(-error));
    }
  }

  private static int features(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      int error = Libc.ioctl(fd, TUNGETFEATURES, number);
      return error < 0 ? 0 : number.get(JAVA_INT, 0);
    }
  }

  private int setInterface(int fd, int wanted) {
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, settings.name());
      request.flags(wanted);
      return Libc.ioctl(fd, TUNSETIFF, request.memory());
    }
  }

  private String attachmentAdvice(int errno) {
    return switch (errno) {
      case Errno.EPERM -> "; run as root, or grant CAP_NET_ADMIN";
      case Errno.EBUSY ->
          "; another process has it open and it has a single queue: close that one, or create the"
              + " device with multi_queue";
      case Errno.E2BIG -> "; all its queues are in use";
      case Errno.EINVAL ->
          "; an interface of this name exists and is no "
              + settings.kind()
              + ": choose another name";
      default -> "";
    };
  }

  private int setHeader(int fd) {
    if ((flags & IFF_VNET_HDR) == 0) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      // Each attachment must say it: a predecessor on a persistent device may have set another.
      // A kernel without this ioctl knows no other size, so its refusal changes nothing.
      MemorySegment size = arena.allocateFrom(JAVA_INT, VirtioNetHeader.BYTES);
      Libc.ioctl(fd, TUNSETVNETHDRSZ, size);
      return VirtioNetHeader.BYTES;
    }
  }

  private int setOffload(int fd) {
    if (!settings.offload()) {
      // A persistent device keeps what its last user asked for.
      Libc.ioctl(fd, TUNSETOFFLOAD, 0);
      return 0;
    }
    for (int wanted : OFFLOADS) {
      int error = Libc.ioctl(fd, TUNSETOFFLOAD, wanted);
      if (error >= 0) {
        if (wanted != OFFLOADS[0]) {
          fallbacks.add("the kernel grants offloads " + hex(wanted) + " of " + hex(OFFLOADS[0]));
        }
        return wanted;
      }
    }
    fallbacks.add("the kernel grants no offload");
    return 0;
  }

  private void setAddress(int fd) throws TapException {
    MacAddress mac = settings.mac();
    if (mac == null) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, settings.name());
      request.mac(mac);
      int error = Libc.ioctl(fd, InterfaceRequest.SIOCSIFHWADDR, request.memory());
      if (error < 0) {
        throw failed("set the Ethernet address " + mac + " of", error, "");
      }
    }
  }

  private void setMtu(LinkSocket links) throws TapException {
    if (settings.mtu() == 0) {
      return;
    }
    int error = links.mtu(settings.name(), settings.mtu());
    if (error < 0) {
      String advice = error == -Errno.EPERM ? "; run as root, or grant CAP_NET_ADMIN" : "";
      throw failed("set the MTU " + settings.mtu() + " of", error, advice);
    }
  }

  private boolean setPersistent(int fd) throws TapException {
    if (isPersistent(fd)) {
      // Made so by the operator or an earlier run: not ours to remove when we close.
      return true;
    }
    if (!settings.persistent()) {
      return false;
    }
    int error = Libc.ioctl(fd, TUNSETPERSIST, 1);
    if (error < 0) {
      throw failed("make persistent", error, "");
    }
    return true;
  }

  private boolean isPersistent(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      var request = new InterfaceRequest(arena, settings.name());
      int error = Libc.ioctl(fd, TUNGETIFF, request.memory());
      return error >= 0 && (request.flags() & IFF_PERSIST) != 0;
    }
  }

  private TapException failed(String action, int error, String advice) {
    return new TapException(
        "cannot " + action + " the " + what() + ": " + Errno.text(error) + advice);
  }

  private String what() {
    String where = settings.netns().isEmpty() ? "" : " in network namespace " + settings.netns();
    return settings.kind() + " device '" + settings.name() + "'" + where;
  }

  private static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }
}
