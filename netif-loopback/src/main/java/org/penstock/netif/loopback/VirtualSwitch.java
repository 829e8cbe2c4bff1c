package org.penstock.netif.loopback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.StackRuntime;

/**
 * A virtual Ethernet switch for many stacks in one JVM. Each port is a {@link Netif}. The switch
 * learns behind which port a station is from what the station sends, and forgets it when it has
 * been silent for long, or when its port loses its link. Frames for a station that it does not
 * know, broadcasts and multicasts go to every other port.
 *
 * <p>A port's link is up while a slot is attached to it and it is plugged in. Each port has a
 * bounded queue; what does not fit is dropped and counted, so that a station that does not read
 * holds up nobody else. A switch has no thread: the receiving port's queue agent delivers. All
 * ports announce the same capabilities, so a super-frame crosses as a whole, to whichever port.
 *
 * <p>Ports are numbered from 1. All methods may be called from any thread.
 */
public final class VirtualSwitch {

  private final SwitchOptions options;
  private final StackRuntime runtime;
  private final Fabric fabric;

  /**
   * A switch to which nobody is attached, all ports plugged in.
   *
   * @param runtime time and waiting, the same as that of the stacks at its ports
   */
  public VirtualSwitch(StackRuntime runtime, SwitchOptions options) {
    this.options = options;
    this.runtime = runtime;
    this.fabric = new Fabric(options, runtime);
  }

  /** What it was made of. */
  public SwitchOptions options() {
    return options;
  }

  /**
   * One port, called {@code NAME/number}.
   *
   * @param number from 1
   */
  public Netif port(int number) {
    return check(number);
  }

  /** All ports, in order. */
  public List<Netif> ports() {
    List<Netif> ports = new ArrayList<>();
    for (int i = 0; i < fabric.size(); i++) {
      ports.add(fabric.port(i));
    }
    return Collections.unmodifiableList(ports);
  }

  /**
   * Plugs a port's wire in or pulls it out. While it is out, the port's link is down, its frames
   * are lost, those on their way to it included, and the stations behind it are forgotten.
   *
   * @param number the port, from 1
   */
  public void plugged(int number, boolean in) {
    check(number).plugged(in);
  }

  /**
   * Puts a stage in the way of the frames that go to a port's stack, or takes it out. Frames that
   * an earlier stage holds back still arrive at their time.
   *
   * @param number the port, from 1
   * @param stage what the frames pass, or null for nothing
   */
  public void stage(int number, @Nullable FrameStage stage) {
    check(number).stage(stage);
  }

  /**
   * What happened at one port.
   *
   * @param number the port, from 1
   */
  public SwitchStatistics statistics(int number) {
    return check(number).read();
  }

  /** The stations known at this moment, each with the number of its port. */
  public Map<MacAddress, Integer> stations() {
    Map<MacAddress, Integer> stations = new TreeMap<>();
    fabric
        .addresses()
        .known(runtime.nanoTime())
        .forEach((address, index) -> stations.put(address, index + 1));
    return Collections.unmodifiableMap(stations);
  }

  /** How often a known station was heard behind another port than before. */
  public long moves() {
    return fabric.addresses().moves();
  }

  /** How often a station was heard and not learned, because there was no room for its address. */
  public long unlearned() {
    return fabric.addresses().unlearned();
  }

  private SwitchPort check(int number) {
    if (number < 1 || number > fabric.size()) {
      throw new IllegalArgumentException(
          options.name() + " has the ports 1 to " + fabric.size() + ", not " + number);
    }
    return fabric.port(number - 1);
  }

  @Override
  public String toString() {
    return "VirtualSwitch[" + options + "]";
  }
}
