package org.penstock.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Reading a segment with SACK blocks and writing its acknowledgment allocates nothing. */
class HotPathAllocationTest {
  private static final int LOCAL = 0xc0000201;
  private static final int REMOTE = 0xc0000202;

  private final MemorySegment in = Samples.zeros(14 + 20 + 52 + 1000);
  private final MemorySegment out = Samples.zeros(14 + 20 + 32);
  private final TcpOptions options = new TcpOptions();
  private final Ipv6Extensions extensions = new Ipv6Extensions();
  private final MemorySegment ipv6 = Samples.zeros(40 + 8 + 8);
  private final int[] edges = {1, 2, 3, 4};

  private void fill() {
    EthernetFrame.write(in, 0, 0x0200_0000_0001L, 0x0200_0000_0002L, EtherType.IPV4);
    Ipv4Header.write(in, 14, 0, 1072, 7, 0, 64, IpProtocol.TCP, REMOTE, LOCAL);
    TcpHeader.write(in, 34, 0x1234_0050, 1, 2, 52, TcpFlags.ACK, 1000, 0);
    int at = 54;
    at += TcpOptionWriter.timestamps(in, at, 5, 6);
    at += TcpOptionWriter.sack(in, at, edges, 2);
    assertThat(at).isEqualTo(34 + 52);
    TcpHeader.seal(in, 34, 1052, Ipv4Header.pseudoHeader(in, 14));
    Ipv6Header.write(ipv6, 0, 0, 0, 16, IpProtocol.DESTINATION_OPTIONS, 64, 1, 2, 3, 4);
    Fields.put8(ipv6, 40, IpProtocol.UDP);
    UdpHeader.write(ipv6, 48, 1, 2, 8);
    UdpHeader.seal(ipv6, 48, Ipv6Header.pseudoHeader(ipv6, 0, IpProtocol.UDP, 8));
  }

  private int receiveAndAnswer(int id) {
    boolean fine =
        EthernetFrame.check(in, 0, (int) in.byteSize()) == null
            && Ipv4Header.check(in, 14, (int) in.byteSize() - 14) == null
            && TcpHeader.check(in, 34, 1052) == null
            && TcpHeader.verify(in, 34, 1052, Ipv4Header.pseudoHeader(in, 14)) == null
            && Ipv6Header.check(ipv6, 0, 56) == null
            && extensions.walk(ipv6, 0) == null
            && UdpHeader.check(ipv6, 48, 8) == null
            && UdpHeader.verify(ipv6, 48, Ipv6Header.pseudoHeader(ipv6, 0, 17, 8)) == null;
    options.parse(in, 34);
    EthernetFrame.write(out, 0, EthernetFrame.source(in, 0), 1, EtherType.IPV4);
    Ipv4Header.write(out, 14, 0, 52, id, 0, 64, IpProtocol.TCP, LOCAL, REMOTE);
    int ports = Integer.rotateLeft(TcpHeader.ports(in, 34), 16);
    int acknowledgment = SequenceNumber.add(TcpHeader.sequence(in, 34), 1000);
    TcpHeader.write(out, 34, ports, 9, acknowledgment, 32, TcpFlags.ACK, 500, 0);
    TcpOptionWriter.timestamps(out, 54, 7, options.timestampValue());
    TcpHeader.seal(out, 34, 32, Ipv4Header.pseudoHeader(out, 14));
    return fine && options.sackBlocks() == 2 && extensions.protocol() == IpProtocol.UDP ? 1 : 0;
  }

  @Test
  void allocatesNothingOnceWarm() {
    fill();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int fine = 0;
    int rounds = 0;
    long allocated = Long.MAX_VALUE;
    // The first rounds run interpreted and may allocate; sooner or later one does not.
    while (rounds < 300 && allocated > 1000) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        fine += receiveAndAnswer(i & 0xffff);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
      rounds++;
    }
    assertThat(fine).isEqualTo(rounds * 10_000);
    assertThat(allocated).isLessThanOrEqualTo(1000);
  }
}
