package org.penstock.netif.loopback;

import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.StackRuntime;

/**
 * A virtual Ethernet cable between two stacks in one JVM. Each end is a {@link Netif}; what one
 * sends, the other receives, in order and without loss unless a {@link FrameStage} sees to it.
 *
 * <p>The link is up while the cable is plugged in and both ends are attached. A sender that finds
 * the queue full keeps its frames and is told when there is room. A cable has no thread: the
 * receiving end's queue agent delivers.
 *
 * <p>All methods may be called from any thread.
 */
public final class Cable {

  private final CableOptions options;
  private final WireEnd[] ends;
  private volatile boolean plugged = true;

  /**
   * A cable that is plugged in.
   *
   * @param runtime time and waiting, the same as that of the stacks at its ends
   */
  public Cable(StackRuntime runtime, CableOptions options) {
    this.options = options;
    this.ends = new WireEnd[] {end(runtime, options, "a"), end(runtime, options, "b")};
    WireEnd.join(ends[0], ends[1]);
  }

  private WireEnd end(StackRuntime runtime, CableOptions options, String suffix) {
    return new WireEnd(
        options.name() + "." + suffix,
        Station.capabilities(LinkType.ETHERNET, options.mtu(), options.offload()),
        options.queueLength(),
        runtime,
        () -> plugged);
  }

  /** What it was made of. */
  public CableOptions options() {
    return options;
  }

  /**
   * One end, called {@code NAME.a} or {@code NAME.b}.
   *
   * @param index 0 or 1
   */
  public Netif end(int index) {
    return ends[check(index)];
  }

  /**
   * Plugs the cable in or pulls it out. While it is out, the link is down and frames are lost,
   * those on their way included.
   */
  public void plugged(boolean in) {
    plugged = in;
    ends[0].tellLink();
    ends[1].tellLink();
  }

  /** Whether the cable is plugged in. */
  public boolean isPlugged() {
    return plugged;
  }

  /**
   * Puts a stage in the way of the frames that go to one end, or takes it out. Frames that an
   * earlier stage holds back still arrive at their time.
   *
   * @param toward the end that receives, 0 or 1
   * @param stage what the frames pass, or null for nothing
   */
  public void stage(int toward, @Nullable FrameStage stage) {
    ends[check(toward)].stage(stage);
  }

  /**
   * What became of the frames that one end sent.
   *
   * @param from the end that sends, 0 or 1
   */
  public WireStatistics statistics(int from) {
    return ends[check(from)].sentCounters().read();
  }

  private static int check(int index) {
    if (index != 0 && index != 1) {
      throw new IllegalArgumentException("a cable has the ends 0 and 1, not " + index);
    }
    return index;
  }

  @Override
  public String toString() {
    return "Cable[" + options + (plugged ? "]" : ", unplugged]");
  }
}
