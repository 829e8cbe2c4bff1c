package org.penstock.core.internal.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.wire.Ipv4Header;

/**
 * Several cells, each a thread of its own, send to one at the same time: every packet comes once,
 * each sender's in order, and no sender is forgotten that waited for room.
 */
class LocalLinkStressTest {

  private static final int SENDERS = 3;
  private static final int PACKETS = 40_000;

  /** Sections of each cell, run by that cell's thread. */
  private static final class Inbox {
    final ConcurrentLinkedQueue<Section> sections = new ConcurrentLinkedQueue<>();

    void runAll() {
      for (Section section = sections.poll(); section != null; section = sections.poll()) {
        section.execute();
      }
    }
  }

  private final Inbox[] inboxes = new Inbox[SENDERS + 1];
  private final int[] expected = new int[SENDERS];
  private final AtomicBoolean broken = new AtomicBoolean();

  @Test
  @Timeout(60)
  void losesNothingAndForgetsNobody() throws InterruptedException {
    Cell[] cells = new Cell[SENDERS + 1];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Cell(i, 0);
      inboxes[i] = new Inbox();
    }
    Gate gate = postingGate();
    LocalLink link = new LocalLink(gate, cells, new Buffers(64 << 20));
    Sender[] senders = new Sender[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
      senders[i] = new Sender(i + 1, link);
    }
    link.open(receiver(), cell -> senders[cell - 1].resumed = true);

    List<Thread> threads = new ArrayList<>();
    for (Sender sender : senders) {
      threads.add(new Thread(sender));
    }
    threads.forEach(Thread::start);
    while (threads.stream().anyMatch(Thread::isAlive) || !inboxes[0].sections.isEmpty()) {
      inboxes[0].runAll();
      Thread.onSpinWait();
    }

    assertThat(broken).isFalse();
    assertThat(expected).containsOnly(PACKETS);
    assertThat(senders).allMatch(sender -> sender.waits > 0);
  }

  /** A gate that does nothing but post. */
  private Gate postingGate() {
    return (Gate)
        Proxy.newProxyInstance(
            Gate.class.getClassLoader(),
            new Class<?>[] {Gate.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("post")) {
                throw new AssertionError("called " + method);
              }
              Section section = (Section) arguments[0];
              inboxes[section.cell()].sections.add(section);
              return null;
            });
  }

  private LocalLink.Receiver receiver() {
    return new LocalLink.Receiver() {
      @Override
      public int cellOf(SlotLink slot, Landing frame) {
        return 0;
      }

      @Override
      public boolean frame(SlotLink slot, int cell, Landing frame, boolean mayKeep) {
        int sender = Ipv4Header.source(frame.segment(), 0);
        if (Ipv4Header.destination(frame.segment(), 0) != expected[sender]++) {
          broken.set(true);
        }
        return false;
      }
    };
  }

  private final class Sender implements Runnable {
    private final int cell;
    private final LocalLink link;
    private final PacketBlock block = new PacketBlock();
    private final OutboundFrame frame = new OutboundFrame();
    private boolean resumed;
    private int waits;

    Sender(int cell, LocalLink link) {
      this.cell = cell;
      this.link = link;
    }

    @Override
    public void run() {
      for (int i = 0; i < PACKETS; i++) {
        int start = block.transport() - Ipv4Header.MIN_LENGTH;
        Ipv4Header.write(block.header(), start, 0, 20, 0, 0, 64, 253, cell - 1, i);
        block.clear(0);
        block.gather(frame, start);
        while (!link.transmit(cell, frame, link.capabilities())) {
          waits++;
          while (!resumed) {
            inboxes[cell].runAll();
            Thread.onSpinWait();
          }
          resumed = false;
        }
      }
    }
  }
}
