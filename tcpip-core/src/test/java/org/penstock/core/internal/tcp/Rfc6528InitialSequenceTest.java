package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;

/** RFC 6528: initial sequence numbers. */
class Rfc6528InitialSequenceTest extends TcpScript {

  private int iss(Host from, int port, String remote) {
    Connection one =
        from.connect(port, TransportAddress.parse(remote), settings, new RecordingUser());
    int iss = one.sender().initial();
    from.inside(one::abort);
    return iss;
  }

  @Test
  void ofOneFlowTheyGrowByOneInFourMicroseconds() {
    int before = iss(host, 1024, "192.0.2.2:80");
    for (int i = 0; i < 100; i++) {
      host.runTo(host.now() + 4 * Host.MILLIS);
      int next = iss(host, 1024, "192.0.2.2:80");
      assertThat(next - before).isEqualTo(1000);
      before = next;
    }
  }

  @Test
  void ofAnotherFlowTheyHaveNothingToDoWithEachOther() {
    // PITFALLS 23.
    Set<Integer> seen = new HashSet<>();
    int last = 0;
    int near = 0;
    for (int port = 1; port <= 2000; port++) {
      int iss = iss(host, port, "192.0.2.2:80");
      near += Math.abs(iss - last) < 1 << 24 ? 1 : 0;
      last = iss;
      seen.add(iss);
    }
    assertThat(seen).hasSize(2000);
    // By chance one in 128 is that near to the one before.
    assertThat(near).isLessThan(60);
  }

  @Test
  void everyStackHasItsOwnSecret() {
    Host other = new Host("192.0.2.1", builder(), 2, null);
    assertThat(iss(host, 1024, "192.0.2.2:80")).isNotEqualTo(iss(other, 1024, "192.0.2.2:80"));
  }
}
