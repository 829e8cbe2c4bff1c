package org.penstock.testkit.netif;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.function.Consumer;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.ReceivePort;

/**
 * A receive port for whoever plays a host and keeps no frame: the landings are its own, and each
 * frame is handed on within the delivery, so that they are empty again when it returns. Used by the
 * thread that drives the queue.
 */
public final class DirectReceivePort implements ReceivePort {

  private final Landing[] landings;
  private final Consumer<? super MemorySegment> receiver;

  /**
   * A port with empty landings.
   *
   * @param batch how many
   * @param bytes of each, {@link #HEADROOM} included
   * @param memory where they come from; nobody gives them back
   * @param receiver takes each frame, valid during the call
   */
  public DirectReceivePort(
      int batch, int bytes, SegmentAllocator memory, Consumer<? super MemorySegment> receiver) {
    this.landings = new Landing[batch];
    for (int i = 0; i < batch; i++) {
      landings[i] = new Landing(memory.allocate(bytes), home -> {});
    }
    this.receiver = receiver;
  }

  @Override
  public Landing[] landings() {
    return landings;
  }

  @Override
  public void deliver(int count) {
    for (int i = 0; i < count; i++) {
      Landing full = landings[i];
      receiver.accept(full.segment().asSlice(full.offset(), full.length()));
    }
  }

  @Override
  public void giveBack() {
    // They are this port's own.
  }
}
