package org.penstock.tdi;

import org.penstock.core.api.Tcp;
import org.penstock.core.api.Udp;

/** The protocol of an address file. */
public enum Protocol {
  /** Connections. */
  TCP(Tcp.PROTOCOL),
  /** Datagrams. */
  UDP(Udp.PROTOCOL);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The IP protocol number. */
  public int number() {
    return number;
  }
}
