package org.penstock.core.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.StackView;
import org.penstock.api.view.SwapCause;

/**
 * A TCP/IP stack. Several live side by side in one JVM; nothing is static.
 *
 * <p>With OSGi, stacks are made from configurations and registered as services with the property
 * {@link StackView#STACK}. As a library:
 *
 * <pre>{@code
 * try (Stack stack = new StackBuilder("a").strategy(strategy).build()) {
 *   stack.addSlot(SlotSettings.of("net0", "192.0.2.1/24")).offer(netif, 0);
 *   …
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread at passive level.
 */
@ProviderType
public interface Stack extends AutoCloseable {

  /** Its name. */
  String name();

  /** Its threads, time and chance. */
  StackRuntime runtime();

  /** The way into its cells. */
  Gate gate();

  /** Its TCP. */
  Tcp tcp();

  /** Its congestion controls. */
  CongestionControls congestion();

  /** Its UDP. */
  Udp udp();

  /** Its ICMP. */
  Icmp icmp();

  /** Its raw IP. */
  Raw raw();

  /** Its ports. */
  Ports ports();

  /** Its memory to send from. */
  Chunks chunks();

  /** What it looks like. */
  StackView view();

  /**
   * The address that it would send from (RFC 1122 §3.3.4.3). At any level.
   *
   * @return null if there is no route to the remote address
   */
  @Nullable IpAddress sourceFor(IpAddress remote);

  /** True if the address is one of its own. */
  boolean isLocal(IpAddress address);

  /**
   * Adds an interface.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  Slot addSlot(SlotSettings settings);

  /** The interface of that name, or null. */
  @Nullable Slot slot(String name);

  /** Removes an interface and its addresses; connections that used them time out. */
  void removeSlot(String name);

  /**
   * Adds a route. Routes that follow from addresses and gateways are there by themselves.
   *
   * @param destination where it leads; host bits do not matter
   * @param gateway the next hop, null if the destination is on the interface's link
   * @param slot the interface's name
   * @param metric lower is better; routes that follow from addresses and gateways have 0
   * @throws IllegalArgumentException if there is no such interface, or the gateway is not on its
   *     link
   */
  void addRoute(IpPrefix destination, @Nullable IpAddress gateway, String slot, int metric);

  /**
   * Removes a route that {@link #addRoute} added, given as it was then.
   *
   * @return false if there is none
   * @throws IllegalArgumentException if there is no such interface
   */
  boolean removeRoute(IpPrefix destination, @Nullable IpAddress gateway, String slot, int metric);

  /**
   * Replaces the concurrency strategy while everything runs.
   *
   * @param strategy the new one; null parks the stack: it keeps its state and resumes with the next
   * @return null if it was done; else why it was refused or rolled back, and the strategy in force
   *     goes on
   */
  @Nullable String swap(@Nullable ConcurrencyStrategy strategy);

  /**
   * As {@link #swap(ConcurrencyStrategy)}, for the swap history to say who asked. By {@link
   * SwapCause#LEAVING} the swap is not rolled back where a thread hangs inside the strategy in
   * force: its partition stays closed, reported with its stack trace, until that thread leaves, and
   * the other cells go on. A new strategy that can't start or open is refused all the same.
   */
  @Nullable String swap(@Nullable ConcurrencyStrategy strategy, SwapCause cause);

  /** The strategy in force, null while the stack is parked. At any level. */
  @Nullable ConcurrencyStrategy strategy();

  /**
   * Changes limits and times in place: buffers, TIME-WAIT, retransmission, delay of
   * acknowledgements, congestion control. Connections that are open keep the limits and times that
   * they were opened with.
   *
   * @throws IllegalArgumentException if something else than these differs, such as the name, the
   *     number of cells or the memory limit, which a stack keeps for its life
   */
  void configure(StackBuilder changed);

  /** Sets who sees every frame, null for nobody. */
  void observe(@Nullable SlotObserver observer);

  /**
   * Stops: no new connections, a reset for each that is left, drivers detached, threads ended.
   * Takes at most a few seconds; what could not be stopped by then is reported and left behind.
   */
  @Override
  void close();
}
