package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.ip.PacketOutput;

/** The cell of a flow is the same from both sides of the stack, and flows spread over all cells. */
class CellOfFlowTest {

  @Test
  void aPacketAndAConnectionAgree() {
    Host host = new Host("192.0.2.1", new StackBuilder("test"));
    Cell[] cells = new Cell[64];
    PacketOutput[] outputs = new PacketOutput[64];
    for (int i = 0; i < 64; i++) {
      cells[i] = new Cell(i, 0);
      outputs[i] = host.output;
    }
    TcpLayer tcp = new TcpLayer(host.context, cells, outputs, new CongestionTable(null));
    Random random = new Random(3);
    int[] flows = new int[64];
    for (int i = 0; i < 6400; i++) {
      boolean ipv4 = random.nextBoolean();
      TransportAddress local = address(ipv4, random);
      TransportAddress remote = address(ipv4, random);
      int cell = tcp.cellOf(local, remote);
      assertThat(
              tcp.cellOf(
                  remote.address().high(),
                  remote.address().low(),
                  remote.port(),
                  local.address().high(),
                  local.address().low(),
                  local.port()))
          .isEqualTo(cell);
      flows[cell]++;
    }
    assertThat(java.util.Arrays.stream(flows).boxed()).allMatch(n -> n > 50 && n < 160);
  }

  private static TransportAddress address(boolean ipv4, Random random) {
    IpAddress address =
        ipv4
            ? IpAddress.ofIpv4(random.nextInt())
            : IpAddress.of(random.nextLong(), random.nextLong(), 0);
    return new TransportAddress(address, random.nextInt(65_536));
  }
}
