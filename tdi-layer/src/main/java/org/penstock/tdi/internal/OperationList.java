package org.penstock.tdi.internal;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.penstock.tdi.Status;

/** Operations that wait, first come first. Owned by a cell; only the size is read elsewhere. */
final class OperationList {

  private @Nullable Operation first;
  private @Nullable Operation last;
  private volatile int size;

  boolean isEmpty() {
    return first == null;
  }

  /** How many wait; any thread. */
  int size() {
    return size;
  }

  @Nullable Operation first() {
    return first;
  }

  void add(Operation operation) {
    operation.following = null;
    if (last == null) {
      first = operation;
    } else {
      last.following = operation;
    }
    last = operation;
    size = size + 1;
  }

  void addFirst(Operation operation) {
    operation.following = first;
    first = operation;
    if (last == null) {
      last = operation;
    }
    size = size + 1;
  }

  @Nullable Operation poll() {
    Operation taken = first;
    if (taken != null) {
      first = taken.following;
      if (first == null) {
        last = null;
      }
      taken.following = null;
      size = size - 1;
    }
    return taken;
  }

  /** Takes out the first that is wanted and can begin; drops those that were abandoned. */
  @Nullable Operation begin() {
    for (Operation taken = poll(); taken != null; taken = poll()) {
      if (taken.begin()) {
        return taken;
      }
      taken.dropped();
    }
    return null;
  }

  /** The first that matches, left in place; null if there is none. */
  @Nullable Operation firstMatching(Predicate<? super Operation> condition) {
    Operation each = first;
    while (each != null && !condition.test(each)) {
      each = each.following;
    }
    return each;
  }

  /** Takes out one. */
  void remove(Operation operation) {
    removeIf(each -> each == operation);
  }

  /** Takes out all that match; the caller does with each as it likes. */
  OperationList removeIf(Predicate<? super Operation> condition) {
    OperationList removed = new OperationList();
    OperationList kept = new OperationList();
    for (Operation each = poll(); each != null; each = poll()) {
      (condition.test(each) ? removed : kept).add(each);
    }
    first = kept.first;
    last = kept.last;
    size = kept.size;
    return removed;
  }

  /** Ends all; those that were abandoned are dropped. */
  void finishAll(Status status) {
    for (Operation each = begin(); each != null; each = begin()) {
      each.finish(status, each.progress);
    }
  }

  /** Ends or drops all that nobody wants any more; returns how many there were. */
  int sweep() {
    boolean found = false;
    for (Operation each = first; each != null && !found; each = each.following) {
      found = each.isUnwanted();
    }
    if (!found) {
      return 0;
    }
    OperationList unwanted = removeIf(Operation::isUnwanted);
    int count = unwanted.size();
    unwanted.finishAll(Status.CANCELLED);
    return count;
  }
}
