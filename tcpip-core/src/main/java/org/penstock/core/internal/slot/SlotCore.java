package org.penstock.core.internal.slot;

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
import org.penstock.api.runtime.RuntimeThread;
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
  private final ThreadLocal<RuntimeThread> threads;
  private final Resume[] resumes;
  private final Restore[] restores;
  private final AtomicIntegerArray blocked;
  private final OutboundFrame[][] one;
  private final SlotCounts counts;
  private final AtomicLong droppedByFormer = new AtomicLong();
  private volatile SlotSettings settings;
  private volatile MacAddress mac;
  private volatile @Nullable Binding binding;
  private volatile int generation;
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
    this.threads = ThreadLocal.withInitial(rim.runtime()::current);
    this.blocked = new AtomicIntegerArray(cells.length);
    this.resumes = new Resume[cells.length];
    this.restores = new Restore[cells.length];
    this.one = new OutboundFrame[cells.length][1];
    this.counts = new SlotCounts(cells.length);
    for (int i = 0; i < cells.length; i++) {
      resumes[i] = new Resume(i);
      restores[i] = new Restore(i);
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
    return bound != null && bound.isUp();
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
    if (bound == null || !bound.isUp()) {
      return false;
    }
    OutboundFrame[] frames = one[cell];
    frames[0] = frame;
    int port = cells[cell].port();
    if (bound.transmit(port, frames, 1, madeFor) == 0) {
      // The flag before the second attempt: if room was made in between, either we get it or the
      // driver's event finds the flag.
      blocked.set(cell, 1);
      if (bound.transmit(port, frames, 1, madeFor) == 0) {
        return false;
      }
    }
    counts.sent(cell, frame.length());
    SlotObserver watching = observer;
    if (watching != null) {
      watching.sent(name(), cells[cell].now(), frame);
    }
    return true;
  }

  @Override
  public void dropped(int cell, DropReason reason, @Nullable Landing frame) {
    cells[cell].drop(reason);
    counts.dropped(cell);
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
    if (before.standby() != changed.standby()) {
      drivers.reconsider();
    }
    if (isUp()) {
      events.announce(this);
    }
  }

  @Override
  public InterfaceView view() {
    Binding bound = binding;
    return new InterfaceView(
        name(),
        bound == null ? "" : bound.name(),
        drivers.views(),
        generation,
        isUp(),
        linkType(),
        linkType() == LinkType.ETHERNET ? mac : MacAddress.ZERO,
        mtu(),
        settings.addresses(),
        bound == null ? "" : offload(bound.capabilities()),
        counts.receivedFrames(),
        counts.receivedBytes(),
        counts.sentFrames(),
        counts.sentBytes(),
        counts.dropped() + droppedByDrivers());
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
    return counts.droppedOutside(reason);
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

  /** The calling thread, for whoever finds it hanging in a driver. */
  RuntimeThread currentThread() {
    return threads.get();
  }

  @Nullable Binding binding() {
    return binding;
  }

  /**
   * Puts a binding, or none, in the way down; by one thread at a time. To be followed by {@link
   * #introduce}.
   */
  void bind(@Nullable Binding next) {
    Binding before = binding;
    if (before != null) {
      lastCapabilities = before.capabilities();
    }
    if (next != null) {
      generation++;
    }
    binding = next;
    events.changed(this);
  }

  /**
   * Opens a way up.
   *
   * @param driver whose frames a wrapper sees first, or null for a wrapper's own
   * @param made what whoever delivers can do: how long its frames are, and what they start with
   */
  ReceiveQueue openReceive(
      @Nullable Binding driver,
      NetifCapabilities made,
      int queue,
      int batch,
      @Nullable CallMark mark) {
    if (batch < 1 || batch > 256) {
      throw new IllegalArgumentException(
          "a batch of " + batch + " landings for " + qualifiedName() + " is not between 1 and 256");
    }
    int bytes = made.receiveCoalescing() + ReceiveQueue.HEADROOM;
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
    return new ReceiveQueue(
        this, driver, queue, mark, rim, input, made.linkType(), buffers, pool, landings);
  }

  void received(Landing[] frames, int count) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += frames[i].length();
    }
    counts.received(count, bytes);
    SlotObserver watching = observer;
    if (watching != null) {
      long now = rim.runtime().nanoTime();
      for (int i = 0; i < count; i++) {
        watching.received(name(), now, frames[i]);
      }
    }
  }

  void droppedOutside(DropReason reason, @Nullable Landing frame) {
    counts.droppedOutside(reason, 1);
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

  /** A driver has another link, or can do other things. */
  void linkChanged(Binding from) {
    if (drivers.elect()) {
      introduce();
    } else if (from == binding) {
      events.changed(this);
      introduce();
    }
  }

  /** True if that driver is attached for the case that the one at work loses its link. */
  boolean standsBy(Binding from) {
    return settings.standby() > 0 && from != binding;
  }

  /** If it is up: announces its addresses, and has everybody who waits for it send. */
  void introduce() {
    if (isUp()) {
      events.announce(this);
      restoreAll();
    }
  }

  void transmitReady(Binding from) {
    if (from != binding) {
      return;
    }
    for (int i = 0; i < resumes.length; i++) {
      if (blocked.getAndSet(i, 0) != 0) {
        resumes[i].request();
      }
    }
  }

  private void restoreAll() {
    for (Restore restore : restores) {
      restore.request();
    }
  }

  /** What the slot may ask for is another, with the same link: what waits is made anew. */
  void remade() {
    events.changed(this);
    resumeAll();
  }

  /** Has every cell try again to send what waits. */
  void resumeAll() {
    for (Resume resume : resumes) {
      resume.request();
    }
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

  void driverFailed(Binding from, String reason, @Nullable Throwable cause) {
    drivers.failed(from, reason, cause);
  }

  private SlabPool<Landing> pool(int bytes, int batch) {
    int most =
        (int) Math.max(batch * 4L, Math.min(POOL_BYTES, buffers.account().limit() / 4) / bytes);
    return pools.computeIfAbsent(bytes, b -> buffers.landings(b, most));
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

  /** Tells a cell that there is a driver or a link again; goes on until all are told. */
  private final class Restore extends Section {
    private final AtomicBoolean posted = new AtomicBoolean();
    private volatile boolean asked;

    Restore(int cell) {
      super(cell);
    }

    void request() {
      asked = true;
      post();
    }

    private void post() {
      if (posted.compareAndSet(false, true)) {
        rim.post(this);
      }
    }

    @Override
    protected void run() {
      posted.set(false);
      boolean begun = asked;
      asked = false;
      if (events.restored(SlotCore.this, cell(), begun)) {
        post();
      }
    }
  }
}
