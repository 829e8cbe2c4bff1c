package org.penstock.core.internal.udp;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open UDP addresses of a cell by their port number. Who looks a number up gets an array that
 * never changes, so addresses may be opened and closed while a datagram is being handed out. Owned
 * by the cell; a look allocates nothing.
 */
final class UdpPortTable {

  private static final UdpPcb[] NONE = {};

  private static final class Entry {
    final int port;
    UdpPcb[] pcbs;
    @Nullable Entry next;

    Entry(int port, UdpPcb pcb, @Nullable Entry next) {
      this.port = port;
      this.pcbs = new UdpPcb[] {pcb};
      this.next = next;
    }
  }

  private @Nullable Entry[] buckets = new @Nullable Entry[8];
  private int entries;

  /** The addresses that are open for a port, in the order in which they were opened. */
  UdpPcb[] find(int port) {
    Entry entry = entry(port);
    return entry == null ? NONE : entry.pcbs;
  }

  void add(UdpPcb pcb) {
    int port = pcb.local().port();
    Entry entry = entry(port);
    if (entry != null) {
      UdpPcb[] more = Arrays.copyOf(entry.pcbs, entry.pcbs.length + 1);
      more[entry.pcbs.length] = pcb;
      entry.pcbs = more;
      return;
    }
    if (entries >= buckets.length) {
      grow();
    }
    int bucket = bucket(port);
    buckets[bucket] = new Entry(port, pcb, buckets[bucket]);
    entries++;
  }

  void remove(UdpPcb pcb) {
    int bucket = bucket(pcb.local().port());
    Entry before = null;
    Entry entry = buckets[bucket];
    while (entry != null && entry.port != pcb.local().port()) {
      before = entry;
      entry = entry.next;
    }
    if (entry == null) {
      return;
    }
    entry.pcbs = without(entry.pcbs, pcb);
    if (entry.pcbs.length == 0) {
      entries--;
      if (before == null) {
        buckets[bucket] = entry.next;
      } else {
        before.next = entry.next;
      }
    }
  }

  void forEach(Consumer<? super UdpPcb> consumer) {
    for (Entry first : buckets) {
      for (Entry entry = first; entry != null; entry = entry.next) {
        for (UdpPcb pcb : entry.pcbs) {
          consumer.accept(pcb);
        }
      }
    }
  }

  private static UdpPcb[] without(UdpPcb[] pcbs, UdpPcb gone) {
    return Arrays.stream(pcbs).filter(pcb -> pcb != gone).toArray(UdpPcb[]::new);
  }

  private @Nullable Entry entry(int port) {
    Entry entry = buckets[bucket(port)];
    while (entry != null && entry.port != port) {
      entry = entry.next;
    }
    return entry;
  }

  private void grow() {
    @Nullable Entry[] old = buckets;
    buckets = new @Nullable Entry[old.length * 2];
    for (Entry first : old) {
      Entry entry = first;
      while (entry != null) {
        Entry following = entry.next;
        int bucket = bucket(entry.port);
        entry.next = buckets[bucket];
        buckets[bucket] = entry;
        entry = following;
      }
    }
  }

  private int bucket(int port) {
    return (port * 0x9e37_79b9 >>> 16) & buckets.length - 1;
  }
}
