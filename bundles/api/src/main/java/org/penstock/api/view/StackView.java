package org.penstock.api.view;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A stack to look at. Registered as a service with the property {@link #STACK}. Views are records
 * of one moment; large ones are gathered cell by cell in bounded sections, the stack never stops
 * for them.
 *
 * <p>All methods may be called from any thread at passive level.
 */
@ProviderType
public interface StackView {

  /** Service property: the stack's name. */
  String STACK = "stack.name";

  /** The stack's name. */
  String name();

  /** Its interfaces, in the order of their names. */
  List<InterfaceView> interfaces();

  /** Its routes, longest prefix first. */
  List<RouteView> routes();

  /** Its neighbour cache. */
  List<NeighbourView> neighbours();

  /** Gives every PCB to the consumer, cell by cell. */
  void pcbs(Consumer<? super PcbView> consumer);

  /** Its counters; every {@link Counter} is there. */
  Map<Counter, Long> counters();

  /** What it dropped and why; every {@link DropReason} is there. */
  Map<DropReason, Long> drops();

  /** Its concurrency strategy. */
  StrategyView strategy();

  /** Off-heap and queue memory held at this moment, in bytes. */
  MemoryView memory();

  /**
   * Checks the invariants of every PCB, table, timer and buffer.
   *
   * @return what does not hold, one line each; empty if all is well
   */
  List<String> checkInvariants();
}
