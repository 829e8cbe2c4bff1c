package org.penstock.core.internal.stack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Section;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.InterfaceView;
import org.penstock.api.view.MemoryView;
import org.penstock.api.view.NeighbourView;
import org.penstock.api.view.PcbView;
import org.penstock.api.view.RouteView;
import org.penstock.api.view.StackView;
import org.penstock.api.view.StrategyView;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.raw.RawLayer;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.slot.SlotCore;
import org.penstock.core.internal.tcp.TcpLayer;
import org.penstock.core.internal.udp.UdpLayer;

/** The read-only view of a stack. What lies in cells is gathered by a section for each. */
final class CoreStackView implements StackView {

  private final StackContext context;
  private final Cell[] cells;
  private final Rim rim;
  private final IpLayer ip;
  private final TcpLayer tcp;
  private final UdpLayer udp;
  private final RawLayer raw;
  private final List<SlotCore> slots;

  CoreStackView(
      StackContext context,
      Cell[] cells,
      Rim rim,
      IpLayer ip,
      TcpLayer tcp,
      UdpLayer udp,
      RawLayer raw,
      List<SlotCore> slots) {
    this.context = context;
    this.cells = cells;
    this.rim = rim;
    this.ip = ip;
    this.tcp = tcp;
    this.udp = udp;
    this.raw = raw;
    this.slots = slots;
  }

  @Override
  public String name() {
    return rim.name();
  }

  @Override
  public List<InterfaceView> interfaces() {
    List<InterfaceView> views = new ArrayList<>();
    for (SlotCore slot : slots) {
      views.add(slot.view());
    }
    views.sort(Comparator.comparing(InterfaceView::name));
    return views;
  }

  @Override
  public List<RouteView> routes() {
    return ip.tables().routes();
  }

  @Override
  public List<NeighbourView> neighbours() {
    return ip.neighbours().views();
  }

  @Override
  public void pcbs(Consumer<? super PcbView> consumer) {
    for (int i = 0; i < cells.length; i++) {
      List<PcbView> ofCell = new ArrayList<>();
      inCell(
          i,
          cell -> {
            tcp.views(cell, ofCell::add);
            udp.views(cell, ofCell::add);
            raw.views(cell, ofCell::add);
          });
      ofCell.forEach(consumer);
    }
  }

  @Override
  public Map<Counter, Long> counters() {
    Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      long total = 0;
      for (Cell cell : cells) {
        total += cell.counters().get(counter);
      }
      counts.put(counter, total);
    }
    counts.merge(Counter.HANDLER_EXCEPTIONS, rim.handlerExceptions(), Long::sum);
    counts.merge(Counter.STRATEGY_SWAPS, rim.swaps(), Long::sum);
    for (SlotCore slot : slots) {
      counts.merge(Counter.DRIVER_CHANGES, (long) slot.view().generation(), Long::sum);
    }
    return counts;
  }

  @Override
  public Map<DropReason, Long> drops() {
    Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      long total = 0;
      for (Cell cell : cells) {
        total += cell.counters().get(reason);
      }
      for (SlotCore slot : slots) {
        total += slot.droppedOutside(reason);
      }
      counts.put(reason, total);
    }
    for (SlotCore slot : slots) {
      counts.merge(DropReason.DRIVER, slot.droppedByDrivers(), Long::sum);
    }
    return counts;
  }

  @Override
  public StrategyView strategy() {
    return rim.view();
  }

  @Override
  public MemoryView memory() {
    int landings = 0;
    int taken = 0;
    for (SlotCore slot : slots) {
      int[] ofSlot = slot.landings();
      landings += ofSlot[0];
      taken += ofSlot[1];
    }
    return context.buffers().view(landings, taken);
  }

  @Override
  public List<String> checkInvariants() {
    List<String> violations = new ArrayList<>();
    if (rim.overlaps() > 0) {
      violations.add(rim.overlaps() + " times two threads were inside one partition");
    }
    for (int i = 0; i < cells.length; i++) {
      inCell(
          i,
          cell -> {
            violations.addAll(tcp.invariants(cell));
            udp.checkInvariants(cell, violations::add);
            raw.checkInvariants(cell, violations::add);
          });
    }
    return violations;
  }

  private void inCell(int cell, IntConsumer look) {
    if (!rim.isInside(cell)) {
      ExecutionLevel.requirePassive("a view of the stack", rim.strategy());
    }
    rim.call(
        new Section(cell) {
          @Override
          protected void run() {
            look.accept(cell());
          }
        });
  }
}
