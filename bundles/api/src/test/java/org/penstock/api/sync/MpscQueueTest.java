package org.penstock.api.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

class MpscQueueTest {

  private static final class Item extends MpscQueue.Node<Item> {
    final int producer;
    final int number;

    Item(int producer, int number) {
      this.producer = producer;
      this.number = number;
    }
  }

  private final MpscQueue<Item> queue = new MpscQueue<>();

  private List<Integer> takeNumbers() {
    List<Integer> numbers = new ArrayList<>();
    for (Item item = queue.takeAll(); item != null; item = item.unlink()) {
      numbers.add(item.number);
    }
    return numbers;
  }

  @Test
  void takesOldestFirst() {
    assertThat(queue.takeAll()).isNull();
    for (int i = 0; i < 5; i++) {
      queue.offer(new Item(0, i));
    }
    assertThat(takeNumbers()).containsExactly(0, 1, 2, 3, 4);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void saysWhoseOfferWasTheFirst() {
    assertThat(queue.offer(new Item(0, 0))).isTrue();
    assertThat(queue.offer(new Item(0, 1))).isFalse();
    queue.takeAll();
    assertThat(queue.offer(new Item(0, 2))).isTrue();
  }

  @Test
  void anUnlinkedNodeMayBeOfferedAgain() {
    Item first = new Item(0, 1);
    queue.offer(first);
    queue.offer(new Item(0, 2));
    Item chain = queue.takeAll();
    assertThat(chain).isSameAs(first);
    Item rest = first.unlink();
    queue.offer(first);
    assertThat(first.next()).isNull();
    assertThat(rest.number).isEqualTo(2);
    assertThat(takeNumbers()).containsExactly(1);
  }

  @Test
  void eachProducersItemsComeOnceAndInOrder() {
    StackRuntime runtime = SystemRuntime.get();
    int producers = 4;
    int items = 100_000;
    List<RuntimeThread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      threads.add(
          runtime.start(
              "offer-" + p,
              () -> {
                for (int i = 0; i < items; i++) {
                  queue.offer(new Item(producer, i));
                }
              }));
    }
    int[] expected = new int[producers];
    int left = producers * items;
    long deadline = runtime.nanoTime() + 60_000_000_000L;
    while (left > 0 && runtime.nanoTime() < deadline) {
      for (Item item = queue.takeAll(); item != null; item = item.unlink()) {
        assertThat(item.number).isEqualTo(expected[item.producer]++);
        left--;
      }
      runtime.spinHint();
    }
    assertThat(left).isZero();
  }
}
