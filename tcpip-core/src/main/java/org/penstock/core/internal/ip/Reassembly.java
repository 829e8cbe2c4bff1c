package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.stack.StackContext;

/**
 * The reassembly of a stack: a {@link Reassembler} for each cell, the memory they share, and the
 * way on. Fragments but the first do not tell the flow they belong to, so a datagram comes together
 * in a cell of its own, and goes to its flow's when it is whole.
 */
final class Reassembly implements Reassembler.Outcomes {

  private final Gate gate;
  private final FrameHomes homes;
  private final FragmentMemory memory;
  private final Reassembler[] cells;
  private @Nullable Ipv4Input up;

  Reassembly(StackContext context, Gate gate, Cell[] cells, Slots slots, FrameHomes homes) {
    this.gate = gate;
    this.homes = homes;
    Buffers buffers = context.buffers();
    this.memory = new FragmentMemory(buffers.account().limit(), context.secret());
    // Twice what may be incomplete at a time: those that are whole were not yet read.
    int most = 2 * FragmentMemory.MOST_BYTES / Reassembler.LARGE_BYTES;
    SlabPool<Landing> large = buffers.landings(Reassembler.LARGE_BYTES, most);
    this.cells = new Reassembler[cells.length];
    for (int i = 0; i < cells.length; i++) {
      this.cells[i] = new Reassembler(cells[i], gate, slots, buffers, large, memory, this);
    }
  }

  /** Opens the way up; before the first packet. */
  void open(Ipv4Input input) {
    this.up = input;
  }

  /** Takes a fragment whose header was checked; inside its cell. */
  void fragment(SlotLink slot, int cell, Landing frame, int at) {
    cells[cell].fragment(slot, frame, at);
  }

  /** Bytes that incomplete datagrams hold; from any thread. */
  long held() {
    return memory.held();
  }

  @Override
  public void whole(SlotLink slot, int cell, Landing frame, int network) {
    int home = homes.ofPacket(frame, network);
    if (home == cell) {
      deliver(slot, cell, frame, network);
    } else {
      gate.post(
          new Section(home) {
            @Override
            protected void run() {
              deliver(slot, cell(), frame, network);
            }
          });
    }
  }

  private void deliver(SlotLink slot, int cell, Landing frame, int network) {
    Ipv4Input input = up;
    // Where a protocol throws, nobody knows who has the landing: it is written off, never reused.
    if (input == null || !input.reassembled(slot, cell, frame, network)) {
      frame.release();
    }
  }

  @Override
  public void timedOut(SlotLink slot, int cell, Landing firstFragment, int network) {
    Ipv4Input input = up;
    if (input != null) {
      input.reassemblyTimedOut(slot, cell, firstFragment, network);
    }
  }
}
