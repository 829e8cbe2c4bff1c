package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** An Ethernet switch: learns who is where, and floods what it does not know. */
final class Switch extends Junction {

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int TYPE_AT = 12;

  private final Map<Long, Integer> stations = new HashMap<>();

  @Override
  void arrived(int port, MemorySegment frame) {
    if (frame.byteSize() < TYPE_AT + 2) {
      return;
    }
    stations.put(station(frame, 6), port);
    boolean group = (frame.get(ValueLayout.JAVA_BYTE, 0) & 1) != 0;
    Integer known = group ? null : stations.get(station(frame, 0));
    if (known != null) {
      if (known != port) {
        send(known, frame);
      }
      return;
    }
    for (int other = 0; other < ports(); other++) {
      if (other != port) {
        send(other, frame);
      }
    }
  }

  /** Six octets as a key. */
  private static long station(MemorySegment frame, int at) {
    return frame.get(WORD.withOrder(java.nio.ByteOrder.BIG_ENDIAN), at) >>> 16;
  }
}
