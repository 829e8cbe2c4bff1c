package org.penstock.core.api;

/**
 * When a listener answers a SYN by a cookie (RFC 4987 §3.6): an initial sequence number that stands
 * for all that would have to be remembered, so that nothing is, until the peer proves by its
 * acknowledgement that its address is not forged.
 */
public enum SynCookies {
  /** Never: while a listener has too many handshakes under way, further SYNs are dropped. */
  OFF,
  /** While a listener has as many handshakes under way as its backlog allows. */
  WHEN_FULL,
  /** To every SYN; for tests. */
  ALWAYS;

  /**
   * Reads what a configuration says.
   *
   * @throws IllegalArgumentException if it is none of {@code off}, {@code when-full}, {@code
   *     always}
   */
  public static SynCookies parse(String text) {
    return switch (text) {
      case "off" -> OFF;
      case "when-full" -> WHEN_FULL;
      case "always" -> ALWAYS;
      default ->
          throw new IllegalArgumentException(
              "'" + text + "' is no time for SYN cookies: write off, when-full or always");
    };
  }
}
