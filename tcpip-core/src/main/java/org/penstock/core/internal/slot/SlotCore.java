package org.penstock.core.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.InterfaceView;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.rim.Rim;

/**
 * An interface: what stays when drivers come and go. The way down ends here, and the way up begins.
 * Which driver is bound is decided in {@link Drivers}.
 */
public final class SlotCore implements Slot, SlotLink {

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long POOL_BYTES = 64L << 20;

  /** Conflicts that are logged: whoever makes stations up must not fill the log. */
  private static final int MOST_CONFLICTS = 16;

  private final int number;
  private final String stackName;
  private final Rim rim;
  private final Cell[] cells;
  private final Buffers buffers;
  private final FrameInput input;
  private final SlotEvents events;
  private final Drivers drivers;
  private final Map<Integer, SlabPool<Landing>> pools = new ConcurrentHashMap<>();
  private final Set<String> conflicts = ConcurrentHashMap.newKeySet();
  private final Resume[] resumes;
  private final AtomicIntegerArray blocked;
  private final OutboundFrame[][] one;
  private final long[] sentFrames;
  private final long[] sentBytes;
  private final long[] droppedInside;
  private final AtomicLong receivedFrames = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLong droppedByFormer = new AtomicLong();
  private final AtomicLong[] droppedOutside = new AtomicLong[DropReason.values().length];
  private volatile SlotSettings settings;
  private volatile MacAddress mac;
  private volatile @Nullable Binding binding;
  private volatile NetifCapabilities lastCapabilities =
      NetifCapabilities.plain(LinkType.ETHERNET, 1500);
  private volatile @Nullable SlotObserver observer;

  /** A slot without a driver. */
  public SlotCore(
      int number,
      Rim rim,
      Cell[] cells,
      Buffers buffers,
      FrameInput input,
      SlotEvents events,
      SlotSettings settings) {
    this.number = number;
    this.stackName = rim.name();
    this.rim = rim;
    this.cells = cells;
    this.buffers = buffers;
    this.input = input;
    this.events = events;
    this.settings = settings;
    this.mac = macOf(settings);
    this.drivers = new Drivers(this, rim);
    this.blocked = new AtomicIntegerArray(cells.length);
    this.resumes = new Resume[cells.length];
    this.one = new OutboundFrame[cells.length][1];
    this.sentFrames = new long[cells.length];
    this.sentBytes = new long[cells.length];
    this.droppedInside = new long[cells.length];
    for (int i = 0; i < cells.length; i++) {
      resumes[i] = new Resume(i);
    }
    for (int i = 0; i < droppedOutside.length; i++) {
      droppedOutside[i] = new AtomicLong();
    }
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public String name() {
    return settings.name();
  }

  /** The slot's name with its stack's. */
  String qualifiedName() {
    return stackName + "/" + settings.name();
  }

  @Override
  public MacAddress mac() {
    return mac;
  }

  @Override
  public LinkType linkType() {
    return capabilities().linkType();
  }

  @Override
  public int mtu() {
    int set = settings.mtu();
    int driver = capabilities().mtu();
    return set == 0 ? driver : Math.min(set, driver);
  }

  @Override
  public NetifCapabilities capabilities() {
    Binding bound = binding;
    return bound == null ? lastCapabilities : bound.capabilities();
  }

  @Override
  public boolean isUp() {
    Binding bound = binding;
    return bound != null && bound.link().up();
  }

  @Override
  public SlotSettings settings() {
    return settings;
  }

  @Override
  public boolean transmit(int cell, OutboundFrame frame, NetifCapabilities madeFor) {
    Binding bound = binding;
    // A driver that came after the frame was made may not compute its checksum, or cut it. It is
    // made anew then: those who wait are told after every change of a driver.
    if (bound == null || !bound.link().up()) {
      return false;
    }
    TransmitPort port = bound.port(cells[cell].port(), madeFor);
    if (port == null) {
      return false;
    }
    OutboundFrame[] frames = one[cell];
    frames[0] = frame;
    if (port.transmit(frames, 1) == 0) {
      // The flag before the second attempt: if room was made in between, either we get it or the
      // driver's event finds the flag.
      blocked.set(cell, 1);
      if (port.transmit(frames, 1) == 0) {
        return false;
      }
    }
    add(sentFrames, cell, 1);
    add(sentBytes, cell, frame.length());
    SlotObserver watching = observer;
    if (watching != null) {
      watching.sent(name(), cells[cell].now(), frame);
    }
    return true;
  }

  @Override
  public void dropped(int cell, DropReason reason, @Nullable Landing frame) {
    cells[cell].drop(reason);
    add(droppedInside, cell, 1);
    SlotObserver watching = observer;
    if (watching != null) {
      watching.dropped(name(), cells[cell].now(), reason, frame);
    }
  }

  @Override
  public void conflict(IpAddress address, MacAddress other) {
    if (conflicts.size() < MOST_CONFLICTS && conflicts.add(address + " " + other)) {
      rim.log(
          "address "
              + address
              + " of "
              + name()
              + " is also used by the station "
              + other
              + ": give one of them another address; further conflicts with it are counted",
          null);
    }
  }

  @Override
  public @Nullable String offer(Netif netif, int ranking) {
    return drivers.offer(netif, ranking);
  }

  @Override
  public void withdraw(Netif netif) {
    drivers.withdraw(netif);
  }

  @Override
  public @Nullable String wrap(@Nullable NetifWrapper wrapper) {
    return drivers.wrap(wrapper);
  }

  @Override
  public void configure(SlotSettings changed) {
    if (!changed.name().equals(settings.name())) {
      throw new IllegalArgumentException(
          "slot "
              + settings.name()
              + " can't be renamed to "
              + changed.name()
              + ": remove it and add the other");
    }
    SlotSettings before = settings;
    settings = changed;
    try {
      events.changed(this);
    } catch (IllegalArgumentException e) {
      // An address that no station can have: the last good settings stay.
      settings = before;
      throw e;
    }
    mac = macOf(changed);
    if (isUp()) {
      events.announce(this);
    }
  }

  @Override
  public InterfaceView view() {
    Binding bound = binding;
    return new InterfaceView(
        name(),
        bound == null ? "" : bound.netif().name(),
        drivers.generation(),
        isUp(),
        linkType(),
        mac,
        mtu(),
        settings.addresses(),
        bound == null ? "" : offload(bound.capabilities()),
        receivedFrames.get(),
        receivedBytes.get(),
        sum(sentFrames),
        sum(sentBytes),
        sum(droppedInside) + droppedOutside() + droppedByDrivers());
  }

  /** Frames that its drivers dropped by themselves. */
  public long droppedByDrivers() {
    Binding bound = binding;
    return droppedByFormer.get() + (bound == null ? 0 : bound.drops());
  }

  /** A driver is bound no longer: what it dropped stays counted. */
  void unbound(Binding former) {
    droppedByFormer.addAndGet(former.drops());
  }

  /** Sets who sees every frame. */
  public void observe(@Nullable SlotObserver watching) {
    observer = watching;
  }

  /** Detaches every driver; the slot takes no other. */
  public void close() {
    drivers.close();
  }

  /** Frames dropped outside of every cell, for a reason. */
  public long droppedOutside(DropReason reason) {
    return droppedOutside[reason.ordinal()].get();
  }

  /** Landings that exist, and those of them that are out. */
  public int[] landings() {
    int size = 0;
    int taken = 0;
    for (SlabPool<Landing> pool : pools.values()) {
      size += pool.size();
      taken += pool.taken();
    }
    return new int[] {size, taken};
  }

  StackRuntime runtime() {
    return rim.runtime();
  }

  @Nullable Binding binding() {
    return binding;
  }

  /** Puts a binding, or none, in the way down. */
  void bind(@Nullable Binding next) {
    Binding before = binding;
    if (before != null) {
      lastCapabilities = before.capabilities();
    }
    binding = next;
    events.changed(this);
  }

  void announce() {
    events.announce(this);
  }

  /**
   * Opens a way up.
   *
   * @param driver whose frames a wrapper sees first, or null for a wrapper's own
   * @param longest octets of the longest frame
   */
  ReceiveQueue openReceive(@Nullable Binding driver, int longest, int queue, int batch) {
    if (batch < 1 || batch > 256) {
      throw new IllegalArgumentException(
          "a batch of " + batch + " landings for " + qualifiedName() + " is not between 1 and 256");
    }
    int bytes = longest + ReceiveQueue.HEADROOM;
    SlabPool<Landing> pool = pool((bytes + 63) & ~63, batch);
    List<Landing> lent = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      Landing landing = pool.take();
      if (landing == null) {
        lent.forEach(Landing::release);
        throw new IllegalStateException(
            "no memory for "
                + batch
                + " landings of "
                + bytes
                + " bytes for queue "
                + queue
                + " of "
                + qualifiedName()
                + ": raise the stack's memory limit of "
                + buffers.account().limit()
                + " bytes");
      }
      lent.add(landing);
    }
    Landing[] landings = lent.toArray(Landing[]::new);
    return new ReceiveQueue(this, driver, rim, input, buffers, pool, landings);
  }

  void received(Landing[] frames, int count) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += frames[i].length();
    }
    receivedFrames.addAndGet(count);
    receivedBytes.addAndGet(bytes);
    SlotObserver watching = observer;
    if (watching != null) {
      long now = rim.runtime().nanoTime();
      for (int i = 0; i < count; i++) {
        watching.received(name(), now, frames[i]);
      }
    }
  }

  void droppedOutside(DropReason reason, @Nullable Landing frame) {
    droppedOutside[reason.ordinal()].incrementAndGet();
    SlotObserver watching = observer;
    if (watching != null) {
      watching.dropped(name(), rim.runtime().nanoTime(), reason, frame);
    }
  }

  void broken(int cell, Landing frame, RuntimeException e) {
    dropped(cell, DropReason.INTERNAL_ERROR, frame);
    cells[cell].count(Counter.SECTION_EXCEPTIONS);
    rim.thrown("frame", this, e);
  }

  void linkChanged(Binding from) {
    if (from != binding) {
      return;
    }
    events.changed(this);
    if (from.link().up()) {
      events.announce(this);
      resumeAll();
    }
  }

  void transmitReady() {
    for (int i = 0; i < resumes.length; i++) {
      if (blocked.getAndSet(i, 0) != 0) {
        resumes[i].request();
      }
    }
  }

  /** Has every cell try again to send what waits. */
  void resumeAll() {
    for (Resume resume : resumes) {
      resume.request();
    }
  }

  /** What the slot may ask for is another, with the same link: what waits is made anew. */
  void remade() {
    events.changed(this);
    resumeAll();
  }

  /** The driver under a wrapper has changed what it can do. */
  void rewrap() {
    drivers.rewrap();
  }

  void thrown(String what, Object where, RuntimeException e) {
    rim.thrown(what, where, e);
  }

  void wrapperFailed(NetifWrapper wrapper, Throwable cause) {
    drivers.failed(wrapper, cause);
  }

  void driverFailed(Binding from, Throwable cause) {
    drivers.failed(from, cause);
  }

  private SlabPool<Landing> pool(int bytes, int batch) {
    int most =
        (int) Math.max(batch * 4L, Math.min(POOL_BYTES, buffers.account().limit() / 4) / bytes);
    return pools.computeIfAbsent(bytes, b -> buffers.landings(b, most));
  }

  private long droppedOutside() {
    long total = 0;
    for (AtomicLong count : droppedOutside) {
      total += count.get();
    }
    return total;
  }

  private MacAddress macOf(SlotSettings from) {
    MacAddress given = from.mac();
    if (given != null) {
      return given;
    }
    // FNV-1a over both names: the same station address whatever driver comes.
    long hash = 0xcbf29ce484222325L;
    String both = stackName + "/" + from.name();
    for (int i = 0; i < both.length(); i++) {
      hash = (hash ^ both.charAt(i)) * 0x100000001b3L;
    }
    return MacAddress.locallyAdministered(hash);
  }

  private static String offload(NetifCapabilities offered) {
    List<String> names = new ArrayList<>();
    if (offered.checksumIn() || offered.checksumOut()) {
      names.add("csum");
    }
    if (offered.tcpSegmentation() > 0) {
      names.add("tso");
    }
    if (offered.udpSegmentation() > 0) {
      names.add("uso");
    }
    if (offered.receiveCoalescing() > offered.mtu() + 64) {
      names.add("lro");
    }
    return String.join(" ", names);
  }

  private static void add(long[] counts, int index, long by) {
    LONGS.setOpaque(counts, index, counts[index] + by);
  }

  private static long sum(long[] counts) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += (long) LONGS.getOpaque(counts, i);
    }
    return total;
  }

  /** Tells a cell that it may send again; in at most one queue, however often it is asked for. */
  private final class Resume extends Section {
    private final AtomicBoolean asked = new AtomicBoolean();

    Resume(int cell) {
      super(cell);
    }

    void request() {
      if (asked.compareAndSet(false, true)) {
        rim.post(this);
      }
    }

    @Override
    protected void run() {
      asked.set(false);
      events.resume(SlotCore.this, cell());
    }
  }
}
