package org.penstock.core.internal.ip;

/** Raw endpoints as IP uses them. */
public interface RawInput {

  /** True if anybody wants packets of that protocol. From any thread, allocates nothing. */
  boolean isOpen(int protocol);

  /** Shows a packet, or a copy of it, to those who want its protocol; inside the packet's cell. */
  void copy(int cell, InboundPacket packet);
}
