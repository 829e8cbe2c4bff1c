package org.penstock.core.internal.ip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.LinkType;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.view.NeighbourView;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;

/**
 * The neighbour cache, by ARP (RFC 826, RFC 1122 §2.3.2). It lives in the control cell; senders in
 * all cells read a snapshot, and ask by posting.
 *
 * <pre>
 *            asked                answer                 30 s
 * (none) ───────────▶ INCOMPLETE ───────▶ REACHABLE ───────────▶ STALE ──▶ (none) after 10 min
 *    │                   │ 3 × 1 s           ▲                  ▲    │
 *    │                   ▼                   │ answer           │    │ used
 *    │                 FAILED                └───────── PROBE ◀─│────┘
 *    │                   ▲                                │     │
 *    │                   └──────────── 3 × 1 s ───────────┘     │
 *    └──────────────────────── asked for our address ───────────┘
 * </pre>
 *
 * <p>Unasked packets make no entries, but for stations that ask for our address, and of those only
 * {@value #MOST_UNINVITED} are kept: a flood can push out nobody but others of its kind. What a
 * packet says that was not an answer is believed only until the next use confirms or refutes it.
 */
public final class Neighbours {

  static final int MOST_ENTRIES = 1024;
  static final int MOST_UNINVITED = 256;
  static final int MOST_TRIES = 3;
  static final long RETRY_NANOS = 1_000_000_000L;

  /** RFC 4861 §10 REACHABLE_TIME, which RFC 1122 leaves to the implementation. */
  static final long REACHABLE_NANOS = 30_000_000_000L;

  static final long STALE_NANOS = 600_000_000_000L;
  static final long FAILED_NANOS = 20_000_000_000L;

  private final Gate gate;
  private final Cell cell;
  private final Slots slots;
  private final NetworkTables tables;
  private final RandomSource random;
  private final NeighbourEntries entries = new NeighbourEntries();
  private final ArpPort port;
  private final ArpInput input;
  private final Settling settling = new Settling();
  private volatile NeighbourTable table = NeighbourTable.EMPTY;

  Neighbours(Gate gate, Cell control, Slots slots, NetworkTables tables, RandomSource random) {
    this.gate = gate;
    this.cell = control;
    this.slots = slots;
    this.tables = tables;
    this.random = random;
    this.port = new ArpPort(control);
    this.input = new ArpInput(this, control, tables, entries, port);
  }

  /** The neighbour of that address, or null. From any thread, allocates nothing. */
  @Nullable NeighbourEntry find(int slot, long high, long low) {
    return table.find(slot, high, low);
  }

  /**
   * Tells a slot's link which addresses are ours, twice (RFC 5227 §2.3), asks again for every
   * neighbour that is waited for, and has the others confirmed at their next use: after a change of
   * driver or of link state. Where the new driver's link has no neighbours they are forgotten, and
   * what waits for one is sent. From any thread.
   */
  public void announce(int slot) {
    gate.post(new Announcement(slot));
  }

  /** Forgets the neighbours of a slot that was removed; whoever waits is told so. */
  public void slotRemoved(int slot) {
    gate.post(
        new Section(Homes.CONTROL) {
          @Override
          protected void run() {
            for (NeighbourEntry entry : List.copyOf(entries.all())) {
              if (entry.slot == slot) {
                remove(entry);
              }
            }
          }
        });
  }

  /** The neighbour cache at this moment, in the order of slots and addresses. From any thread. */
  public List<NeighbourView> views() {
    long now = gate.runtime().nanoTime();
    List<NeighbourView> views = new ArrayList<>();
    for (NeighbourEntry entry : table.all()) {
      SlotLink slot = slots.slot(entry.slot);
      if (slot != null) {
        long word = entry.word();
        views.add(
            new NeighbourView(
                entry.address(),
                NeighbourEntry.isUsable(word) ? new MacAddress(NeighbourEntry.mac(word)) : null,
                slot.name(),
                entry.viewState(),
                Math.max(0, now - entry.since())));
      }
    }
    views.sort(Comparator.comparing(NeighbourView::slot).thenComparing(NeighbourView::address));
    return views;
  }

  /** Takes a question; in the control cell. */
  void ask(UnresolvedNeighbour asker) {
    if (isWithoutNeighbours(asker.slot)) {
      settling.answer(asker, true);
      return;
    }
    NeighbourEntry entry = entries.find(asker.slot, asker.high, asker.low);
    if (entry == null) {
      entry = create(asker.slot, asker.high, asker.low);
      if (entry == null) {
        settling.answer(asker, false);
        return;
      }
      entry.become(NeighbourEntry.INCOMPLETE, 0, cell.now());
    }
    entries.invite(entry);
    if (NeighbourEntry.isUsable(entry.word())) {
      settling.answer(asker, true);
      return;
    }
    asker.nextAsker = entry.askers;
    entry.askers = asker;
    if (entry.state() == NeighbourEntry.FAILED || !entry.timer.isArmed()) {
      start(entry);
    }
  }

  /** A sender used a neighbour whose address may be out of date; in the control cell. */
  void usedWhileStale(NeighbourEntry entry) {
    if (entry.removed || entry.state() != NeighbourEntry.STALE) {
      return;
    }
    entries.invite(entry);
    entry.become(NeighbourEntry.PROBE, entry.mac(), cell.now());
    entry.tries = 0;
    // RFC 1122 §2.3.2.1 (2), unicast poll: nobody else on the link need listen.
    request(entry);
  }

  /**
   * A transport gets no answers by way of a neighbour (RFC 1122 §3.3.1.4), which is confirmed
   * unless that was a moment ago: RFC 1122 §2.3.2.1, not more than one request a second. In the
   * control cell.
   */
  void doubted(NeighbourEntry entry) {
    if (!entry.removed
        && entry.state() == NeighbourEntry.REACHABLE
        && cell.now() - entry.since() >= RETRY_NANOS) {
      stale(entry, entry.mac());
    }
  }

  /** The timer of a neighbour; in the control cell. */
  void expired(NeighbourEntry entry) {
    if (entry.removed) {
      return;
    }
    switch (entry.state()) {
      case NeighbourEntry.INCOMPLETE, NeighbourEntry.PROBE -> {
        if (entry.tries < MOST_TRIES) {
          request(entry);
        } else {
          fail(entry);
        }
      }
      case NeighbourEntry.REACHABLE -> stale(entry, entry.mac());
      default -> remove(entry);
    }
  }

  /** Takes an ARP packet whose link header was checked; in the control cell. */
  void arp(SlotLink slot, Landing frame, int offset, int length) {
    input.packet(slot, frame, offset, length);
  }

  /**
   * Has learned a neighbour's link address; in the control cell.
   *
   * @param answered true if the packet answers a request of ours
   */
  void learned(NeighbourEntry entry, long mac, boolean answered) {
    int state = entry.state();
    boolean asked = state == NeighbourEntry.INCOMPLETE || state == NeighbourEntry.PROBE;
    if (asked && answered) {
      entry.become(NeighbourEntry.REACHABLE, mac, cell.now());
      // RFC 4861 §6.3.2: a random factor of 0.5 to 1.5 keeps stations from asking in step.
      entry.timer.arm(cell.now() + REACHABLE_NANOS / 2 + spread(REACHABLE_NANOS));
    } else if (state == NeighbourEntry.INCOMPLETE
        || state == NeighbourEntry.FAILED
        || entry.mac() != mac) {
      // It speaks, but not to answer us, so the next use asks back.
      stale(entry, mac);
    }
    if (NeighbourEntry.isUsable(entry.word())) {
      answerAll(entry, true);
    }
  }

  /** Keeps a station that asked for our address, since we are about to answer it. */
  void uninvited(int slot, long high, long low, long mac) {
    entries.makeRoomForUninvited(this::remove);
    NeighbourEntry entry = create(slot, high, low);
    if (entry != null) {
      entries.uninvited(entry);
      stale(entry, mac);
    }
  }

  /** Sends the announcements of a slot's addresses; in the control cell. */
  void announceNow(SlotLink slot) {
    for (IpPrefix own : tables.addresses(slot.number())) {
      if (own.address().isIpv4()) {
        int address = own.address().ipv4();
        port.request(slot, MacAddress.BROADCAST.bits(), address, address);
      }
    }
  }

  private @Nullable NeighbourEntry create(int slot, long high, long low) {
    if (!entries.makeRoom(this::remove)) {
      return null;
    }
    NeighbourEntry entry = new NeighbourEntry(this, gate, slot, high, low);
    entries.add(entry);
    settling.tableChanged();
    return entry;
  }

  /** Begins to ask: a failed neighbour's last request was a second ago at least. */
  private void start(NeighbourEntry entry) {
    entry.become(NeighbourEntry.INCOMPLETE, 0, cell.now());
    entry.tries = 0;
    request(entry);
  }

  private void request(NeighbourEntry entry) {
    entry.tries++;
    entry.timer.arm(cell.now() + RETRY_NANOS);
    SlotLink slot = slots.slot(entry.slot);
    AddressedSlot addressed = tables.snapshot().slot(entry.slot);
    IpAddress source = addressed == null ? null : addressed.sourceFor(entry.address());
    if (slot != null && source != null) {
      boolean known = entry.state() == NeighbourEntry.PROBE;
      long destination = known ? entry.mac() : MacAddress.BROADCAST.bits();
      port.request(slot, destination, source.ipv4(), entry.address().ipv4());
    }
  }

  private void stale(NeighbourEntry entry, long mac) {
    entry.become(NeighbourEntry.STALE, mac, cell.now());
    entry.timer.arm(cell.now() + STALE_NANOS);
  }

  private void fail(NeighbourEntry entry) {
    entry.become(NeighbourEntry.FAILED, 0, cell.now());
    entry.timer.arm(cell.now() + FAILED_NANOS);
    answerAll(entry, false);
  }

  private void remove(NeighbourEntry entry) {
    remove(entry, false);
  }

  private void remove(NeighbourEntry entry, boolean found) {
    entry.removed = true;
    entry.timer.cancel();
    entries.remove(entry);
    settling.tableChanged();
    answerAll(entry, found);
  }

  private boolean isWithoutNeighbours(int slot) {
    SlotLink link = slots.slot(slot);
    return link != null && link.linkType() == LinkType.IP;
  }

  private void answerAll(NeighbourEntry entry, boolean found) {
    UnresolvedNeighbour asker = entry.askers;
    entry.askers = null;
    while (asker != null) {
      UnresolvedNeighbour following = asker.nextAsker;
      settling.answer(asker, found);
      asker = following;
    }
  }

  private long spread(long nanos) {
    return (random.nextLong() >>> 1) % nanos;
  }

  /** Once an occupation: the table is replaced, and only then come the answers that rely on it. */
  private final class Settling extends Deferred {
    private boolean changed;
    private @Nullable UnresolvedNeighbour answered;

    void tableChanged() {
      changed = true;
      cell.defer(this);
    }

    void answer(UnresolvedNeighbour asker, boolean found) {
      asker.answer(found);
      asker.nextAsker = answered;
      answered = asker;
      cell.defer(this);
    }

    @Override
    protected void finish() {
      if (changed) {
        changed = false;
        table = new NeighbourTable(entries.all());
      }
      while (answered != null) {
        UnresolvedNeighbour asker = answered;
        answered = asker.nextAsker;
        asker.nextAsker = null;
        gate.post(asker.answer());
      }
    }
  }

  private final class Announcement extends Section {
    /** RFC 5227 §1.1 ANNOUNCE_INTERVAL, between the two announcements. */
    private static final long INTERVAL_NANOS = 2_000_000_000L;

    private final int slot;

    Announcement(int slot) {
      super(Homes.CONTROL);
      this.slot = slot;
    }

    @Override
    protected void run() {
      boolean direct = isWithoutNeighbours(slot);
      for (NeighbourEntry entry : List.copyOf(entries.all())) {
        if (entry.slot == slot) {
          if (direct) {
            remove(entry, true);
          } else {
            driverChanged(entry);
          }
        }
      }
      if (direct) {
        return;
      }
      announceOnce();
      gate.timer(Homes.CONTROL, this::announceOnce).arm(cell.now() + INTERVAL_NANOS);
    }

    private void driverChanged(NeighbourEntry entry) {
      switch (entry.state()) {
        case NeighbourEntry.INCOMPLETE, NeighbourEntry.PROBE -> {
          entry.tries = 0;
          request(entry);
        }
        case NeighbourEntry.REACHABLE -> stale(entry, entry.mac());
        default -> {}
      }
    }

    private void announceOnce() {
      SlotLink link = slots.slot(slot);
      if (link != null) {
        announceNow(link);
      }
    }
  }
}
