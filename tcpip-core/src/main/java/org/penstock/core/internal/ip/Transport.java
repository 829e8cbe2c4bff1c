package org.penstock.core.internal.ip;

/** A protocol above IP that has ports: TCP, UDP. */
public interface Transport extends PacketInput {

  /**
   * The cell in which a packet from that source to that destination is at home. From any thread, on
   * the receive path: cheap, allocates nothing. The headers it was read from were not checked.
   */
  int cellOf(
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort);

  /** Takes an ICMP error about a packet that was sent from here; inside the flow's cell. */
  void icmpError(int cell, IcmpError error);
}
