package org.penstock.testkit.netif;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;

/**
 * A driver that works as another one does until it is told that one of its calls shall throw, or
 * hang until it is interrupted. From any thread.
 */
public final class FaultyNetif implements Netif {

  /** What a driver is called for. */
  public enum Call {
    NAME,
    CAPABILITIES,
    DROPS,
    ATTACH,
    QUEUES,
    LINK,
    OPEN_TRANSMIT,
    TRANSMIT,
    CLOSE,
    DETACH,
    WORK,
    IDLE,
    WAKE
  }

  /** What is wrong. */
  public enum Fault {
    THROWS,
    HANGS
  }

  private record Trap(Call call, Fault fault) {}

  private final Netif netif;
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private final CountDownLatch sprung = new CountDownLatch(1);
  private final CountDownLatch repaired = new CountDownLatch(1);
  private volatile @Nullable NetifHost host;
  private volatile boolean isCut;

  /** A driver that works. */
  public FaultyNetif(Netif netif) {
    this.netif = netif;
  }

  /** From now on every such call has that fault. */
  public void set(Call call, Fault fault) {
    trap.set(new Trap(call, fault));
  }

  /** Waits until a call has had the fault. */
  public void awaitSprung() throws InterruptedException {
    sprung.await();
  }

  /** Lets every thread go that hangs still; no call has a fault any more. */
  public void repair() {
    trap.set(null);
    repaired.countDown();
  }

  /** Tells its slot that the device is lost. */
  public void lose(String message) {
    NetifHost told = host;
    if (told != null) {
      told.failed(new NetifException(message));
    }
  }

  /** Lets every frame vanish that it is given from now on, without a word to anybody. */
  public void cut() {
    isCut = true;
  }

  /** Tells its slot of another link. */
  public void link(LinkState state) {
    NetifHost told = host;
    if (told != null) {
      told.linkChanged(state);
    }
  }

  private void call(Call call) {
    Trap set = trap.get();
    if (set == null || set.call != call) {
      return;
    }
    sprung.countDown();
    if (set.fault == Fault.THROWS) {
      throw new IllegalStateException("a fault in " + call);
    }
    hang();
  }

  private void hang() {
    try {
      repaired.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String name() {
    call(Call.NAME);
    return "faulty-" + netif.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    call(Call.CAPABILITIES);
    return netif.capabilities();
  }

  @Override
  public long drops() {
    call(Call.DROPS);
    return netif.drops();
  }

  @Override
  public NetifAttachment attach(NetifHost to) throws NetifException {
    call(Call.ATTACH);
    host = to;
    return new Attachment(netif.attach(to));
  }

  private final class Attachment implements NetifAttachment {
    private final NetifAttachment bond;
    private final List<QueueAgent> queues;

    Attachment(NetifAttachment bond) {
      this.bond = bond;
      this.queues = bond.queues().stream().<QueueAgent>map(Queue::new).toList();
    }

    @Override
    public List<QueueAgent> queues() {
      call(Call.QUEUES);
      return queues;
    }

    @Override
    public TransmitPort openTransmit() {
      call(Call.OPEN_TRANSMIT);
      return new Port(bond.openTransmit());
    }

    @Override
    public LinkState link() {
      call(Call.LINK);
      return bond.link();
    }

    @Override
    public void multicast(MulticastFilter filter) {
      bond.multicast(filter);
    }

    @Override
    public boolean detach(long deadlineNanos) {
      call(Call.DETACH);
      return bond.detach(deadlineNanos);
    }
  }

  private final class Port implements TransmitPort {
    private final TransmitPort port;

    Port(TransmitPort port) {
      this.port = port;
    }

    @Override
    public int transmit(OutboundFrame[] frames, int count) {
      call(Call.TRANSMIT);
      return isCut ? count : port.transmit(frames, count);
    }

    @Override
    public void close() {
      call(Call.CLOSE);
      port.close();
    }
  }

  private final class Queue implements QueueAgent {
    private final QueueAgent queue;

    Queue(QueueAgent queue) {
      this.queue = queue;
    }

    @Override
    public int work(int budget) {
      call(Call.WORK);
      return queue.work(budget);
    }

    @Override
    public void idle(long deadlineNanos) {
      call(Call.IDLE);
      queue.idle(deadlineNanos);
    }

    @Override
    public void wake() {
      call(Call.WAKE);
      queue.wake();
    }

    @Override
    public long nextDue() {
      return queue.nextDue();
    }
  }
}
