package org.penstock.testkit.packet;

import java.util.List;

/**
 * Something a packet must be. Checks combine ({@link PacketChecks}), serve as predicates ({@code
 * tcp(flags(SYN))::matches}), and say what differs: {@code tcp(flags(SYN, ACK),
 * seq(1000)).check(packet)}.
 */
@FunctionalInterface
public interface PacketCheck {

  /** What differs, in words; empty if the packet matches. */
  List<String> mismatches(Packet packet);

  /** True if the packet matches. */
  default boolean matches(Packet packet) {
    return mismatches(packet).isEmpty();
  }

  /**
   * Requires that the packet matches.
   *
   * @throws AssertionError if not; the message says everything that differs, and shows the packet
   */
  default void check(Packet packet) {
    List<String> mismatches = mismatches(packet);
    if (!mismatches.isEmpty()) {
      throw new AssertionError(
          "packet differs:\n  " + String.join("\n  ", mismatches) + "\nin: " + packet);
    }
  }
}
