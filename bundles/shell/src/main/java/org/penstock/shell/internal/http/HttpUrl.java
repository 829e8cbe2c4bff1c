package org.penstock.shell.internal.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.shell.internal.CommandException;

/**
 * A URL of the scheme http whose host is an IP address.
 *
 * @param address the server
 * @param authority the Host field's value
 * @param target path and query, as the request line has them
 */
public record HttpUrl(TransportAddress address, String authority, String target) {

  private static final int PORT = 80;

  /**
   * Reads a URL.
   *
   * @throws CommandException if it is none that can be fetched; the message says why
   */
  public static HttpUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw wrong(text, e.getReason());
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http")) {
      throw wrong(text, "the scheme " + scheme + " is not supported, only http is");
    }
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null) {
      throw wrong(text, "it names no host");
    }
    int port = uri.getPort() < 0 ? PORT : uri.getPort();
    if (port == 0 || port > 65_535) {
      throw wrong(text, "port " + port + " is not between 1 and 65535");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    String authority = port == PORT ? host : host + ":" + port;
    return new HttpUrl(new TransportAddress(ip(text, host), port), authority, target);
  }

  private static IpAddress ip(String text, String host) {
    String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return IpAddress.parse(literal);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "names are not resolved; write an IP address in place of " + host);
    }
  }

  private static CommandException wrong(String text, String why) {
    return new CommandException("can't fetch '" + text + "': " + why);
  }
}
