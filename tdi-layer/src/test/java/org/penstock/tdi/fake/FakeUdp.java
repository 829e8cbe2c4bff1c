package org.penstock.tdi.fake;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.Udp;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpUser;

/** UDP in memory: a test plays everybody else. */
public final class FakeUdp implements Udp {

  /** A datagram that was sent. */
  public record Sent(TransportAddress from, TransportAddress to, byte[] bytes, IpSettings ip) {}

  private final class Port implements UdpPort {
    private final TransportAddress local;
    private final UdpUser user;
    private IpSettings ip = IpSettings.DEFAULT;

    Port(TransportAddress local, UdpUser user) {
      this.local = local;
      this.user = user;
    }

    @Override
    public TransportAddress local() {
      return local;
    }

    @Override
    public void broadcast(boolean permit) {
      gate.requireInside(cellOf(local.port()));
    }

    @Override
    public void dontFragment(boolean refuse) {
      gate.requireInside(cellOf(local.port()));
    }

    @Override
    public void ip(IpSettings settings) {
      gate.requireInside(cellOf(local.port()));
      ip = settings;
    }

    @Override
    public UdpPort.Sent send(
        TransportAddress remote, MemorySegment source, long offset, int length) {
      return send(remote, source, offset, length, ip);
    }

    @Override
    public UdpPort.Sent send(
        TransportAddress remote,
        MemorySegment source,
        long offset,
        int length,
        IpSettings settings) {
      gate.requireInside(cellOf(local.port()));
      byte[] bytes = new byte[length];
      MemorySegment.copy(source, offset, MemorySegment.ofArray(bytes), 0, length);
      if (outcome == UdpPort.Sent.SENT) {
        sent.add(new FakeUdp.Sent(local, remote, bytes, settings));
      }
      return outcome;
    }

    @Override
    public void close() {
      gate.requireInside(cellOf(local.port()));
      open.remove(this);
    }
  }

  private final LockGate gate;
  private final List<Port> open = new CopyOnWriteArrayList<>();
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private volatile UdpPort.Sent outcome = UdpPort.Sent.SENT;

  FakeUdp(LockGate gate) {
    this.gate = gate;
  }

  /** What was sent so far. */
  public List<Sent> sent() {
    return sent;
  }

  /** How sending ends from now on. */
  public void outcome(UdpPort.Sent next) {
    outcome = next;
  }

  /** Ports that are open. */
  public int openPorts() {
    return open.size();
  }

  /** A datagram arrives; returns what each port that is open there answered. */
  public List<Boolean> arrive(int port, String from, byte[] bytes) {
    return arrive(port, from, bytes, 0);
  }

  /** The same with a DiffServ codepoint. */
  public List<Boolean> arrive(int port, String from, byte[] bytes, int dscp) {
    List<Boolean> answers = new ArrayList<>();
    TransportAddress remote = TransportAddress.parse(from);
    gate.inside(
        cellOf(port),
        () -> {
          for (Port each : open) {
            if (each.local.port() == port) {
              Landing landing = new Landing(MemorySegment.ofArray(bytes.clone()), home -> {});
              landing.describe(0, bytes.length, 0);
              answers.add(each.user.received(remote, each.local, dscp, landing));
              landing.segment().fill((byte) 0xee);
            }
          }
        });
    return answers;
  }

  /** An ICMP error about a datagram arrives. */
  public void unreachable(int port, String remote, TcpFailure failure) {
    TransportAddress to = TransportAddress.parse(remote);
    gate.inside(cellOf(port), () -> open.forEach(each -> each.user.unreachable(to, failure)));
  }

  @Override
  public int cellOf(int localPort) {
    return localPort % gate.cells();
  }

  @Override
  public UdpPort open(TransportAddress local, UdpUser user) {
    gate.requireInside(cellOf(local.port()));
    Port port = new Port(local, user);
    open.add(port);
    return port;
  }
}
