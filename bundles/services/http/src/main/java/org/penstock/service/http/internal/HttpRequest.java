package org.penstock.service.http.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request (RFC 9112 §3, §5).
 *
 * @param method such as GET
 * @param target as it stands in the request line
 * @param minorVersion 0 or 1
 * @param fields header fields; names in any case, of repeated ones the values joined by commas
 */
record HttpRequest(String method, String target, int minorVersion, Map<String, String> fields) {

  /** A head that is not HTTP/1, with the status to answer. */
  static final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;

    BadRequestException(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  /**
   * Finds the empty line that ends a head.
   *
   * @return bytes of the head with that line, or -1 if it is not complete
   */
  static int headLength(ByteBuffer received) {
    for (int i = received.position(); i < received.limit(); i++) {
      if (received.get(i) != '\n') {
        continue;
      }
      int next = i + 1;
      if (next < received.limit() && received.get(next) == '\r') {
        next++;
      }
      if (next < received.limit() && received.get(next) == '\n') {
        return next + 1 - received.position();
      }
    }
    return -1;
  }

  static HttpRequest parse(byte[] head) throws BadRequestException {
    String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n");
    String[] start = lines.length == 0 ? new String[0] : lines[0].split(" ", -1);
    if (start.length != 3 || start[0].isEmpty() || start[1].isEmpty()) {
      throw new BadRequestException(400, "not a request line");
    }
    if (!start[2].startsWith("HTTP/1.") || start[2].length() != 8) {
      throw new BadRequestException(505, "not HTTP/1.0 or HTTP/1.1");
    }
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      // RFC 9112 §5.1: no space before the colon; §5.2: no folded lines.
      if (colon <= 0 || lines[i].charAt(colon - 1) == ' ' || lines[i].charAt(0) == ' ') {
        throw new BadRequestException(400, "not a header field: " + i);
      }
      String value = lines[i].substring(colon + 1).trim();
      fields.merge(lines[i].substring(0, colon), value, (first, more) -> first + ", " + more);
    }
    int minor = start[2].charAt(7) == '0' ? 0 : 1;
    if (minor == 1 && !fields.containsKey("Host")) {
      throw new BadRequestException(400, "no Host field"); // RFC 9112 §3.2
    }
    return new HttpRequest(start[0], start[1], minor, fields);
  }

  /** RFC 9112 §9.3: persistent unless one side says otherwise. */
  boolean keepsAlive() {
    String connection = field("Connection");
    String options = connection == null ? "" : connection.toLowerCase(Locale.ROOT);
    if (options.contains("close")) {
      return false;
    }
    return minorVersion == 1 || options.contains("keep-alive");
  }

  /** True if a body follows, which this server reads nowhere. */
  boolean hasBody() {
    String length = field("Content-Length");
    return field("Transfer-Encoding") != null || (length != null && !length.equals("0"));
  }

  @Nullable String field(String name) {
    return fields.get(name);
  }
}
