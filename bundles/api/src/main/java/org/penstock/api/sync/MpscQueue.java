package org.penstock.api.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded queue of intrusive nodes: any thread offers, one thread at a time takes. Offering
 * never blocks, fails or allocates. A taker takes everything at once, oldest first, so that a
 * producer stopped between two instructions never hides what others have offered.
 *
 * @param <T> the node's own type
 */
public final class MpscQueue<T extends MpscQueue.Node<T>> {

  /**
   * What a queue links. A node is in at most one queue at a time.
   *
   * @param <T> the node's own type
   */
  public abstract static class Node<T extends Node<T>> {
    private @Nullable T next;

    /** For subclasses. */
    protected Node() {}

    /** The node offered after this one, in a chain that {@link MpscQueue#takeAll} returned. */
    public final @Nullable T next() {
      return next;
    }

    /** Cuts this node from its chain and returns what followed it. */
    public final @Nullable T unlink() {
      T following = next;
      next = null;
      return following;
    }
  }

  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(MpscQueue.class, "head", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("FieldMayBeFinal") // changed through HEAD
  private volatile @Nullable Node<T> head;

  /** An empty queue. */
  public MpscQueue() {}

  /**
   * Adds a node.
   *
   * @return true if the queue was empty: who made it so is the one to wake the taker
   */
  @SuppressWarnings("unchecked")
  public boolean offer(T node) {
    Node<T> link = node;
    Node<T> seen;
    do {
      seen = head;
      link.next = (T) seen;
    } while (!HEAD.compareAndSet(this, seen, link));
    return seen == null;
  }

  /**
   * Takes all nodes as a chain in the order in which they were offered, or null if none is there.
   */
  @SuppressWarnings("unchecked")
  public @Nullable T takeAll() {
    Node<T> newest = head == null ? null : (Node<T>) HEAD.getAndSet(this, null);
    T oldest = null;
    while (newest != null) {
      T following = newest.next;
      newest.next = oldest;
      oldest = (T) newest;
      newest = following;
    }
    return oldest;
  }

  /** True if nothing is queued at this moment. */
  public boolean isEmpty() {
    return head == null;
  }
}
