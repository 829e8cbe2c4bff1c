package org.penstock.core.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;

class FlowTableTest {
  private final FlowHash flowHash = new FlowHash(new SipHash(1, 2));
  private final FlowTable<Connection> table = new FlowTable<>(flowHash);

  private record Key(
      long localHigh, long localLow, long remoteHigh, long remoteLow, int ports, int scope) {}

  private static final class Connection extends FlowEntry {
    Connection(Key key) {
      super(key.localHigh, key.localLow, key.remoteHigh, key.remoteLow, key.ports, key.scope);
    }
  }

  private Connection find(Key key) {
    return table.find(
        key.localHigh, key.localLow, key.remoteHigh, key.remoteLow, key.ports, key.scope);
  }

  private static Key ipv4(String local, int localPort, String remote, int remotePort) {
    IpAddress from = IpAddress.parse(local);
    IpAddress to = IpAddress.parse(remote);
    int ports = FlowEntry.ports(localPort, remotePort);
    return new Key(from.high(), from.low(), to.high(), to.low(), ports, 0);
  }

  /** Few values each, so that many keys agree in all but one part. */
  private static Key randomKey(SplittableRandom random) {
    int ports = FlowEntry.ports(random.nextInt(65_533, 65_536), random.nextInt(3));
    if (random.nextBoolean()) {
      long mapped = 0xffff_0000_0000L;
      return new Key(
          0,
          mapped | random.nextLong(0xffff_fffeL, 0x1_0000_0000L),
          0,
          mapped | random.nextInt(4),
          ports,
          0);
    }
    return new Key(
        random.nextInt(2),
        random.nextInt(2),
        random.nextInt(2),
        random.nextInt(2),
        ports,
        random.nextInt(2));
  }

  @Test
  void agreesWithAMapInAnyOrderOfCalls() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FlowTable<Connection> tried = new FlowTable<>(new FlowHash(new SipHash(seed, 7)));
      Map<Key, Connection> expected = new HashMap<>();
      for (int step = 0; step < 1000; step++) {
        Key key = randomKey(random);
        Connection present = expected.get(key);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Connection entry = new Connection(key);
            assertThat(tried.insert(entry)).as("seed %d", seed).isSameAs(present);
            expected.putIfAbsent(key, entry);
          }
          case 2 -> {
            if (present != null) {
              assertThat(tried.remove(present)).as("seed %d", seed).isTrue();
              assertThat(tried.remove(present)).as("seed %d", seed).isFalse();
              expected.remove(key);
            }
          }
          default ->
              assertThat(
                      tried.find(
                          key.localHigh,
                          key.localLow,
                          key.remoteHigh,
                          key.remoteLow,
                          key.ports,
                          key.scope))
                  .as("seed %d", seed)
                  .isSameAs(present);
        }
        assertThat(tried.size()).as("seed %d", seed).isEqualTo(expected.size());
      }
      assertThat(expected.size()).isGreaterThan(32);
    }
  }

  @Test
  void growsAndFindsAll() {
    List<Connection> all = new ArrayList<>();
    for (int port = 0; port < 50_000; port++) {
      Connection entry = new Connection(ipv4("192.0.2.1", 80, "198.51.100.7", port));
      assertThat(table.insert(entry)).isNull();
      all.add(entry);
    }
    assertThat(table.size()).isEqualTo(50_000);
    for (int port = 0; port < 50_000; port++) {
      assertThat(find(ipv4("192.0.2.1", 80, "198.51.100.7", port))).isSameAs(all.get(port));
    }
    for (Connection entry : all) {
      assertThat(table.remove(entry)).isTrue();
    }
    assertThat(table.size()).isZero();
    assertThat(find(ipv4("192.0.2.1", 80, "198.51.100.7", 5))).isNull();
  }

  @Test
  void findsByHashAlreadyKnown() {
    Key key = ipv4("192.0.2.1", 80, "198.51.100.7", 50_000);
    Connection entry = new Connection(key);
    table.insert(entry);
    long hash =
        flowHash.hash(
            key.localHigh, key.localLow, key.remoteHigh, key.remoteLow, key.ports, key.scope);
    assertThat(
            table.find(
                hash,
                key.localHigh,
                key.localLow,
                key.remoteHigh,
                key.remoteLow,
                key.ports,
                key.scope))
        .isSameAs(entry);
  }

  @Test
  void neverTakesAnEqualHashForAnEqualFlow() {
    Key key = new Key(1, 2, 3, 4, 5, 6);
    table.insert(new Connection(key));
    long hash = flowHash.hash(1, 2, 3, 4, 5, 6);
    assertThat(table.find(hash, 1, 2, 3, 4, 5, 6)).isNotNull();
    assertThat(table.find(hash, 9, 2, 3, 4, 5, 6)).isNull();
    assertThat(table.find(hash, 1, 9, 3, 4, 5, 6)).isNull();
    assertThat(table.find(hash, 1, 2, 9, 4, 5, 6)).isNull();
    assertThat(table.find(hash, 1, 2, 3, 9, 5, 6)).isNull();
    assertThat(table.find(hash, 1, 2, 3, 4, 9, 6)).isNull();
    assertThat(table.find(hash, 1, 2, 3, 4, 5, 9)).isNull();
  }

  @Test
  void hashesEveryPartOfAFlow() {
    long hash = flowHash.hash(1, 2, 3, 4, 5, 6);
    assertThat(flowHash.hash(9, 2, 3, 4, 5, 6)).isNotEqualTo(hash);
    assertThat(flowHash.hash(1, 9, 3, 4, 5, 6)).isNotEqualTo(hash);
    assertThat(flowHash.hash(1, 2, 9, 4, 5, 6)).isNotEqualTo(hash);
    assertThat(flowHash.hash(1, 2, 3, 9, 5, 6)).isNotEqualTo(hash);
    assertThat(flowHash.hash(1, 2, 3, 4, 9, 6)).isNotEqualTo(hash);
    assertThat(flowHash.hash(1, 2, 3, 4, 5, 9)).isNotEqualTo(hash);
    long mapped = 0xffff_0000_0000L;
    long ipv4 = flowHash.hash(0, mapped | 1, 0, mapped | 2, 5, 0);
    assertThat(flowHash.hash(0, mapped | 9, 0, mapped | 2, 5, 0)).isNotEqualTo(ipv4);
    assertThat(flowHash.hash(0, mapped | 1, 0, mapped | 9, 5, 0)).isNotEqualTo(ipv4);
    assertThat(flowHash.hash(0, mapped | 1, 0, mapped | 2, 9, 0)).isNotEqualTo(ipv4);
    assertThat(flowHash.hash(0, 1, 0, 2, 5, 0)).isNotEqualTo(ipv4);
  }

  @Test
  void keepsDirectionsApart() {
    Key there = ipv4("192.0.2.1", 80, "192.0.2.2", 81);
    Key back = ipv4("192.0.2.2", 81, "192.0.2.1", 80);
    table.insert(new Connection(there));
    assertThat(find(there)).isNotNull();
    assertThat(find(back)).isNull();
  }

  @Test
  void tellsTheAddressesAndPortsOfAnEntry() {
    Connection entry = new Connection(ipv4("192.0.2.1", 65_535, "198.51.100.7", 40_000));
    assertThat(entry.localAddress()).isEqualTo(IpAddress.parse("192.0.2.1"));
    assertThat(entry.remoteAddress()).isEqualTo(IpAddress.parse("198.51.100.7"));
    assertThat(entry.localPort()).isEqualTo(65_535);
    assertThat(entry.remotePort()).isEqualTo(40_000);
    // On the wire the sender's port comes first: 40,000 is 9c40, 65,535 is ffff.
    assertThat(FlowEntry.portsOfReceived(0x9c40ffff)).isEqualTo(entry.ports());
  }

  @Test
  void refusesAnEntryTwice() {
    Connection entry = new Connection(ipv4("192.0.2.1", 1, "192.0.2.2", 2));
    table.insert(entry);
    FlowTable<Connection> other = new FlowTable<>(flowHash);
    assertThatIllegalStateException().isThrownBy(() -> other.insert(entry));
    assertThatIllegalStateException().isThrownBy(() -> table.insert(entry));
    assertThat(other.remove(entry)).isFalse();
    assertThat(table.remove(entry)).isTrue();
    assertThat(other.insert(entry)).isNull();
  }

  @Test
  void lookupAllocatesNothing() {
    Key key = ipv4("192.0.2.1", 80, "198.51.100.7", 50_000);
    table.insert(new Connection(key));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long found = 0;
    long allocated = Long.MAX_VALUE;
    // The first rounds run interpreted and may allocate; sooner or later one does not.
    for (int round = 0; round < 200 && allocated > 1000; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        found += find(key) == null ? 0 : 1;
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(found).isPositive();
    assertThat(allocated).isLessThanOrEqualTo(1000);
  }
}
