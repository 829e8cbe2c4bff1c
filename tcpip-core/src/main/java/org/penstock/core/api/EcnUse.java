package org.penstock.core.api;

import java.util.Locale;

/** Whether the connections of a stack use explicit congestion notification (RFC 3168). */
public enum EcnUse {
  /** Never. */
  OFF,
  /** Where the peer asks for it in its SYN, and never asked for by us. */
  PASSIVE,
  /** Asked for in each SYN, and granted. */
  ON;

  /**
   * Reads {@code off}, {@code passive} or {@code on}.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says what is allowed
   */
  public static EcnUse parse(String text) {
    for (EcnUse use : values()) {
      if (use.toString().equals(text)) {
        return use;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is none of off, passive, on");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
