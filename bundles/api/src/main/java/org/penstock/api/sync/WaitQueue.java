package org.penstock.api.sync;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;

/** Who waits, first come first; lock-free. A node is taken once, by a waker or by its owner. */
final class WaitQueue {

  static final class Node {
    private final Parker parker;
    private final AtomicBoolean taken = new AtomicBoolean();

    Node(Parker parker) {
      this.parker = parker;
    }

    boolean wasTaken() {
      return taken.get();
    }

    void wake() {
      parker.unpark();
    }
  }

  private final ConcurrentLinkedQueue<Node> nodes = new ConcurrentLinkedQueue<>();

  Node add(Parker parker) {
    Node node = new Node(parker);
    nodes.add(node);
    return node;
  }

  /** Takes the node out; false if a waker has taken it already. */
  boolean remove(Node node) {
    if (node.taken.compareAndSet(false, true)) {
      nodes.remove(node);
      return true;
    }
    return false;
  }

  @Nullable Node takeFirst() {
    for (Node node = nodes.poll(); node != null; node = nodes.poll()) {
      if (node.taken.compareAndSet(false, true)) {
        return node;
      }
    }
    return null;
  }

  /** Takes the first out and wakes it; false if nobody waits. */
  boolean wakeFirst() {
    Node first = takeFirst();
    if (first == null) {
      return false;
    }
    first.wake();
    return true;
  }
}
