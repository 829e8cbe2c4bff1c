package org.penstock.api;

/**
 * An IP address and a 16-bit port.
 *
 * @param address the IP address, or an unspecified one for any
 * @param port the port, 0 to 65535, 0 for any
 */
public record TransportAddress(IpAddress address, int port) {

  /** Any IPv4 address and any port. */
  public static final TransportAddress ANY_IPV4 = new TransportAddress(IpAddress.ANY_IPV4, 0);

  /** Refuses a port beyond 16 bits. */
  public TransportAddress {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
  }

  /** The address from its literal and the port. */
  public static TransportAddress of(String address, int port) {
    return new TransportAddress(IpAddress.parse(address), port);
  }

  /**
   * Reads {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
   *
   * @throws IllegalArgumentException if the text is anything else; the message says what is allowed
   */
  public static TransportAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (bracketed || host.indexOf(':') < 0) {
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        try {
          return of(literal, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
          throw malformed(text, e);
        }
      }
    }
    throw malformed(text, null);
  }

  private static IllegalArgumentException malformed(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'" + text + "' is not an address and port: write 192.0.2.1:80 or [2001:db8::1]:80", cause);
  }

  @Override
  public String toString() {
    return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
  }
}
