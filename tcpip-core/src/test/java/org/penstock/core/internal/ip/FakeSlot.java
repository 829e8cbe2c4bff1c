package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.DropReason;
import org.penstock.testkit.packet.Packet;

/** An interface that records what it is given. */
public final class FakeSlot implements SlotLink {

  /**
   * A frame that was taken.
   *
   * @param octets all of it
   * @param pieces of the gather list
   * @param checksumStart where the device starts to sum, or -1
   * @param checksumOffset from there to the field
   */
  public record Sent(
      byte[] octets,
      int pieces,
      int checksumStart,
      int checksumOffset,
      GsoType gsoType,
      int gsoSize,
      int headerLength) {}

  private final int number;
  private final String name;
  private final List<Sent> sent = new ArrayList<>();
  private final Map<DropReason, Integer> drops = new TreeMap<>();
  private final List<String> conflicts = new ArrayList<>();
  private NetifCapabilities capabilities;
  private @Nullable NetifCapabilities next;
  private boolean up = true;
  private boolean recording = true;
  private int room = Integer.MAX_VALUE;
  private long taken;

  /** An interface with a plain Ethernet device. */
  public FakeSlot(int number) {
    this(number, NetifCapabilities.plain(LinkType.ETHERNET, 1500));
  }

  /** An interface with such a device. */
  public FakeSlot(int number, NetifCapabilities capabilities) {
    this.number = number;
    this.name = "net" + number;
    this.capabilities = capabilities;
  }

  /** Changes the device. */
  public void capabilities(NetifCapabilities changed) {
    capabilities = changed;
  }

  /** Changes the device as soon as somebody has asked what it can do. */
  public void capabilitiesAfterNextLook(NetifCapabilities changed) {
    next = changed;
  }

  /** Changes the link. */
  public void up(boolean now) {
    up = now;
  }

  /** Says how many more frames the device takes. */
  public void room(int frames) {
    room = frames;
  }

  /** Counts frames only, for measurements. */
  public void stopRecording() {
    recording = false;
  }

  /** Frames taken so far. */
  public long taken() {
    return taken;
  }

  /** What was sent, with what was left to the device. */
  public List<Sent> raw() {
    return List.copyOf(sent);
  }

  /** What was sent and not looked at yet, oldest first; forgets it. */
  public List<Packet> take() {
    List<Packet> packets =
        sent.stream().map(frame -> Packet.decode(linkType(), frame.octets())).toList();
    sent.clear();
    return packets;
  }

  /** The one packet that was sent and not looked at yet. */
  public Packet only() {
    List<Packet> packets = take();
    if (packets.size() != 1) {
      throw new AssertionError("expected one packet but there were " + packets);
    }
    return packets.getFirst();
  }

  /** How often something was dropped here for that reason. */
  public int drops(DropReason reason) {
    return drops.getOrDefault(reason, 0);
  }

  /** All drops by their reasons. */
  public Map<DropReason, Integer> drops() {
    return Map.copyOf(drops);
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public MacAddress mac() {
    return TestNetwork.OUR_MAC;
  }

  @Override
  public LinkType linkType() {
    return capabilities.linkType();
  }

  @Override
  public int mtu() {
    return capabilities.mtu();
  }

  @Override
  public NetifCapabilities capabilities() {
    NetifCapabilities seen = capabilities;
    if (next != null) {
      capabilities = next;
      next = null;
    }
    return seen;
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public boolean transmit(int cell, OutboundFrame frame, NetifCapabilities madeFor) {
    if (!up || room == 0 || !madeFor.equals(capabilities)) {
      return false;
    }
    room--;
    taken++;
    if (recording) {
      byte[] octets = new byte[frame.length()];
      frame.copyTo(MemorySegment.ofArray(octets), 0);
      sent.add(
          new Sent(
              octets,
              frame.pieces(),
              frame.checksumStart(),
              frame.checksumOffset(),
              frame.gsoType(),
              frame.gsoSize(),
              frame.headerLength()));
    }
    return true;
  }

  /** Who uses an address of ours, as often as it was said. */
  public List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  @Override
  public void conflict(IpAddress address, MacAddress other) {
    conflicts.add(address + " " + other);
  }

  @Override
  public void dropped(int cell, DropReason reason, @Nullable Landing frame) {
    drops.merge(reason, 1, Integer::sum);
  }
}
