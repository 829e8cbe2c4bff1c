package org.penstock.api.netif;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.buffer.Landing;

/** A wrapper's side of its place around one driver, from {@link NetifWrapper#wrap} to the end. */
@ConsumerType
public interface NetifWrapping {

  /**
   * Agents for frames that it holds back, driven by the concurrency strategy as a driver's queues
   * are; empty for a wrapper that holds none. The same list at every call.
   */
  List<QueueAgent> queues();

  /**
   * The way down of one partition, as {@link NetifAttachment#openTransmit} gives it: it must obey
   * {@link TransmitPort}, and take what {@link NetifWrapper#capabilities} has promised. Inside that
   * partition, which may also have frames of its own sent through the given port.
   *
   * @param driver the driver's port of the same partition
   */
  TransmitPort transmit(TransmitPort driver);

  /**
   * Looks at frames on their way up. Those that go on at once it leaves at the front of the array,
   * in order; it swaps entries to do so, and never replaces one. What it holds back it copies. Must
   * hold no lock where it delivers through a port of its own.
   *
   * <p>Called by the threads that drive the driver's queues: one at a time for each queue, several
   * at a time for several.
   *
   * @param frames the queue's landings
   * @param count how many of them are described, from index 0
   * @return how many go on
   */
  int receive(Landing[] frames, int count);

  /** The driver has room again; the slot is told by itself. From any thread, never blocks. */
  void transmitReady();

  /**
   * Ends. Nobody is inside any method of this object, of its agents or of its ports, and nobody
   * will be. What is held back is sent and delivered now, and landings are given back by {@link
   * ReceivePort#giveBack}. At passive level.
   */
  void end();
}
