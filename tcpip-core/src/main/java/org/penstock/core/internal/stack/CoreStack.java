package org.penstock.core.internal.stack;

import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StackView;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.Chunks;
import org.penstock.core.api.CongestionControls;
import org.penstock.core.api.Gate;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Raw;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.Udp;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.icmp.IcmpErrors;
import org.penstock.core.internal.icmp.IcmpLayer;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.LinkInput;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.raw.RawLayer;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.slot.FrameInput;
import org.penstock.core.internal.slot.SlotCore;
import org.penstock.core.internal.slot.SlotEvents;
import org.penstock.core.internal.tcp.TcpLayer;
import org.penstock.core.internal.udp.UdpLayer;

/** A stack: the parts, put together. What runs in it is in the parts. */
public final class CoreStack implements Stack {

  private static final long SECOND = 1_000_000_000L;
  private static final long CLOSE_LIMIT = 5 * SECOND;

  private final StackContext context;
  private final StackRuntime runtime;
  private final Cell[] cells;
  private final Rim rim;
  private final IpLayer ip;
  private final TcpLayer tcp;
  private final CongestionControls congestion;
  private final UdpLayer udp;
  private final IcmpLayer icmp;
  private final RawLayer raw;
  private final FrameInput input;
  private final SlotEvents events = new Events();
  private final Mutex slotMutex;
  private final CopyOnWriteArrayList<SlotCore> slots = new CopyOnWriteArrayList<>();
  private final CoreStackView view;
  private volatile @Nullable SlotObserver observer;
  private int lastSlotNumber = -1;
  private boolean closed;

  /** A stack as described, running if it was given a strategy, else parked. */
  public CoreStack(StackBuilder.Description description) {
    this.runtime = description.runtime();
    this.cells = new Cell[description.cells()];
    long now = runtime.nanoTime();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Cell(i, now);
    }
    this.context =
        new StackContext(
            description,
            new StackContext.Secret(runtime.random().nextLong(), runtime.random().nextLong()),
            runtime.random(),
            new PortTable(runtime.random()),
            new Buffers(description.memoryLimit()));
    this.slotMutex = new Mutex(runtime);
    this.rim = new Rim(description.name(), runtime, cells, description.sentinel());
    this.ip = new IpLayer(context, rim, cells, this::slotLink);
    PacketOutput[] outputs = new PacketOutput[cells.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = ip.output(i);
    }
    CongestionTable table = new CongestionTable(null);
    description.congestionControls().forEach(table::add);
    this.tcp = new TcpLayer(context, cells, outputs, table);
    this.congestion = new StackCongestion(table, rim, tcp);
    useCongestion(description);
    IcmpErrors errors = new IcmpErrors(ip);
    this.udp = new UdpLayer(ip, errors);
    this.icmp = new IcmpLayer(ip, errors, tcp, udp);
    this.raw = new RawLayer(ip);
    LinkInput link = ip.connect(tcp, udp, icmp, raw);
    this.input = new Input(link);
    this.view = new CoreStackView(context, cells, rim, ip, tcp, udp, raw, slots);
    ConcurrencyStrategy first = description.strategy();
    if (first != null) {
      String refused = rim.swap(first);
      if (refused != null) {
        throw new IllegalArgumentException(refused);
      }
    }
  }

  @Override
  public String name() {
    return context.description().name();
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public Gate gate() {
    return rim;
  }

  @Override
  public Tcp tcp() {
    return tcp;
  }

  @Override
  public CongestionControls congestion() {
    return congestion;
  }

  @Override
  public Udp udp() {
    return udp;
  }

  @Override
  public Icmp icmp() {
    return icmp;
  }

  @Override
  public Raw raw() {
    return raw;
  }

  @Override
  public Ports ports() {
    return context.ports();
  }

  @Override
  public Chunks chunks() {
    return context.buffers();
  }

  @Override
  public StackView view() {
    return view;
  }

  @Override
  public @Nullable IpAddress sourceFor(IpAddress remote) {
    return ip.tables().sourceFor(remote);
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return ip.tables().isLocal(address.high(), address.low());
  }

  @Override
  public Slot addSlot(SlotSettings settings) {
    slotMutex.lock();
    try {
      if (closed) {
        throw new IllegalStateException("stack " + name() + " is stopped");
      }
      if (find(settings.name()) != null) {
        throw new IllegalArgumentException(
            "stack " + name() + " has a slot " + settings.name() + " already");
      }
      SlotCore slot =
          new SlotCore(++lastSlotNumber, rim, cells, context.buffers(), input, events, settings);
      slot.observe(observer);
      ip.tables().put(slot, settings.addresses(), settings.gateway());
      slots.add(slot);
      return slot;
    } finally {
      slotMutex.unlock();
    }
  }

  @Override
  public @Nullable Slot slot(String slotName) {
    return find(slotName);
  }

  @Override
  public void removeSlot(String slotName) {
    slotMutex.lock();
    try {
      SlotCore slot = find(slotName);
      if (slot != null) {
        slot.close();
        slots.remove(slot);
        ip.remove(slot.number());
      }
    } finally {
      slotMutex.unlock();
    }
  }

  @Override
  public void addRoute(
      IpPrefix destination, @Nullable IpAddress gateway, String slotName, int metric) {
    ip.tables().addRoute(destination, gateway, number(slotName), metric);
  }

  @Override
  public boolean removeRoute(
      IpPrefix destination, @Nullable IpAddress gateway, String slotName, int metric) {
    return ip.tables().removeRoute(destination, gateway, number(slotName), metric);
  }

  private int number(String slotName) {
    SlotCore slot = find(slotName);
    if (slot == null) {
      throw new IllegalArgumentException(
          "stack "
              + name()
              + " has no interface "
              + slotName
              + "; it has "
              + slots.stream().map(SlotCore::name).toList());
    }
    return slot.number();
  }

  @Override
  public @Nullable String swap(@Nullable ConcurrencyStrategy strategy) {
    return rim.swap(strategy);
  }

  @Override
  public @Nullable String swap(@Nullable ConcurrencyStrategy strategy, SwapCause cause) {
    return rim.swap(strategy, cause);
  }

  @Override
  public @Nullable ConcurrencyStrategy strategy() {
    return rim.inForce();
  }

  @Override
  public void configure(StackBuilder changed) {
    StackBuilder.Description now = context.description();
    StackBuilder.Description wanted = changed.describe();
    if (!wanted.name().equals(now.name())
        || wanted.cells() != now.cells()
        || wanted.memoryLimit() != now.memoryLimit()) {
      throw new IllegalArgumentException(
          "stack "
              + now.name()
              + " keeps its name, its "
              + now.cells()
              + " cells and its memory limit of "
              + now.memoryLimit()
              + " bytes for its life; remove its configuration and add another");
    }
    if (!wanted.congestion().equals(now.congestion())) {
      useCongestion(wanted);
    }
    context.description(wanted);
  }

  /** The one that is named, else the first that was given, else the built-in one. */
  private void useCongestion(StackBuilder.Description wanted) {
    if (!wanted.congestion().isEmpty()) {
      congestion.use(wanted.congestion());
    } else if (wanted.congestionControls().isEmpty()) {
      congestion.use(CongestionControls.BUILT_IN);
    } else {
      congestion.use(wanted.congestionControls().getFirst().name());
    }
  }

  @Override
  public void observe(@Nullable SlotObserver watching) {
    slotMutex.lock();
    try {
      observer = watching;
      slots.forEach(slot -> slot.observe(watching));
    } finally {
      slotMutex.unlock();
    }
  }

  @Override
  public void close() {
    slotMutex.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      rim.letIn();
      long deadline = runtime.nanoTime() + CLOSE_LIMIT;
      new ResetAll(rim, tcp, icmp).run(deadline);
      for (SlotCore slot : slots) {
        slot.close();
      }
      if (!rim.close(deadline)) {
        rim.log("threads of the strategy were left behind when the stack stopped", null);
      }
    } finally {
      slotMutex.unlock();
    }
  }

  private @Nullable SlotLink slotLink(int number) {
    for (SlotCore slot : slots) {
      if (slot.number() == number) {
        return slot;
      }
    }
    return null;
  }

  private @Nullable SlotCore find(String slotName) {
    for (SlotCore slot : slots) {
      if (slot.name().equals(slotName)) {
        return slot;
      }
    }
    return null;
  }

  /** From the slots up. */
  private record Input(LinkInput link) implements FrameInput {
    @Override
    public int cellOf(LinkType type, Landing frame) {
      return link.cellOf(type, frame);
    }

    @Override
    public boolean frame(SlotLink slot, LinkType type, int cell, Landing frame, boolean mayKeep) {
      return link.frame(slot, type, cell, frame, mayKeep);
    }
  }

  /** What slots tell. */
  private final class Events implements SlotEvents {
    @Override
    public void announce(SlotCore slot) {
      ip.neighbours().announce(slot.number());
    }

    @Override
    public void resume(SlotCore slot, int cell) {
      ip.output(cell).resume(slot.number());
    }

    @Override
    public boolean restored(SlotCore slot, int cell, boolean begun) {
      if (!begun) {
        return tcp.restoreMore(cell);
      }
      ip.output(cell).resume(slot.number());
      return tcp.restored(cell, slot.number());
    }

    @Override
    public void changed(SlotCore slot) {
      ip.tables().put(slot, slot.settings().addresses(), slot.settings().gateway());
    }
  }
}
