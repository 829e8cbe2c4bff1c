package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.TcpConnection;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;

/**
 * The sends of an endpoint that wait for room, first come first, and the release behind them. Owned
 * by the endpoint's home cell.
 */
final class Outbound {

  private final OperationList sends = new OperationList();
  private boolean roomWanted;
  private volatile long bytes;

  /** How many sends wait; any thread. */
  int waiting() {
    return sends.size();
  }

  /** Bytes taken over the present or last connection; any thread. */
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return sends.isEmpty();
  }

  /** Takes a send that has begun. */
  void send(Operation operation, TcpConnection connection) {
    if ((operation.flags & SendFlags.NON_BLOCKING) != 0) {
      sendNow(operation, connection);
    } else if (sends.isEmpty() && proceed(operation, connection)) {
      return;
    } else {
      operation.pause();
      sends.add(operation);
    }
  }

  private void sendNow(Operation operation, TcpConnection connection) {
    if (!sends.isEmpty() || (operation.length > 0 && connection.sendRoom() <= 0)) {
      roomWanted = true;
      operation.finish(Status.DEVICE_NOT_READY, 0);
    } else if (!proceed(operation, connection)) {
      if (operation.progress == 0) {
        roomWanted = true;
        operation.finish(Status.DEVICE_NOT_READY, 0);
      } else {
        operation.finish(Status.SUCCESS, operation.progress);
      }
    }
  }

  /** Goes on with the sends that wait, as far as there is room. */
  void advance(TcpConnection connection) {
    for (Operation next = sends.begin(); next != null; next = sends.begin()) {
      if (!proceed(next, connection)) {
        next.pause();
        sends.addFirst(next);
        return;
      }
    }
  }

  /** Bytes there is room for, if somebody asked to be told and there is; else 0. Tells once. */
  int roomToTell(TcpConnection connection) {
    int room = roomWanted && sends.isEmpty() ? connection.sendRoom() : 0;
    if (room > 0) {
      roomWanted = false;
      return room;
    }
    return 0;
  }

  /** Sends what there is room for; true if the operation has ended. */
  private boolean proceed(Operation operation, TcpConnection connection) {
    boolean push = (operation.flags & SendFlags.PARTIAL) == 0;
    long before = operation.progress;
    Chunk chunk = operation.chunk;
    if (chunk != null) {
      if (connection.sendRoom() <= 0) {
        return false;
      }
      connection.send(chunk, (int) operation.offset, (int) operation.length, push);
      operation.chunk = null;
      operation.progress = operation.length;
    } else if (operation.memory != null && !copy(operation, connection, push)) {
      operation.finish(Status.INVALID_PARAMETER, operation.progress);
      return true;
    }
    bytes = bytes + (operation.progress - before);
    if (operation.progress < operation.length) {
      return false;
    }
    operation.finish(Status.SUCCESS, operation.length);
    return true;
  }

  /** False if the memory can't be read: its arena was closed, or it is another thread's. */
  private static boolean copy(Operation operation, TcpConnection connection, boolean push) {
    MemorySegment memory = operation.memory;
    while (memory != null && operation.progress < operation.length) {
      long left = operation.length - operation.progress;
      int part = (int) Math.min(left, 1 << 30);
      int taken;
      try {
        taken =
            connection.send(
                memory, operation.offset + operation.progress, part, push && part == left);
      } catch (IllegalStateException | WrongThreadException e) {
        return false;
      }
      operation.progress += taken;
      if (taken < part) {
        return true;
      }
    }
    return true;
  }

  /** Ends every send and forgets the connection. */
  void end(Status status) {
    sends.finishAll(status);
    roomWanted = false;
  }

  /** Begins with a new connection. */
  void reset() {
    bytes = 0;
    roomWanted = false;
  }

  /** Ends the sends that nobody wants any more. */
  void sweep() {
    sends.sweep();
  }
}
