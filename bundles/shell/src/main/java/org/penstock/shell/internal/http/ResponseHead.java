package org.penstock.shell.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The head of a response (RFC 9112 §4, §5).
 *
 * @param status three digits
 * @param reason the phrase behind it
 * @param fields header fields, names in any case, of repeated ones the last
 */
record ResponseHead(int status, String reason, Map<String, String> fields) {

  static ResponseHead parse(byte[] head) throws IOException {
    String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n");
    String[] start = lines.length == 0 ? new String[0] : lines[0].split(" ", 3);
    if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("[1-5]\\d\\d")) {
      throw new IOException("the answer is not HTTP/1: '" + shortened(lines) + "'");
    }
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a header field without a name");
      }
      fields.put(lines[i].substring(0, colon), lines[i].substring(colon + 1).trim());
    }
    return new ResponseHead(
        Integer.parseInt(start[1]), start.length > 2 ? start[2].trim() : "", fields);
  }

  private static String shortened(String[] lines) {
    String line = lines.length == 0 ? "" : lines[0].replaceAll("[^ -~]", "?");
    return line.length() > 40 ? line.substring(0, 40) + "…" : line;
  }

  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  boolean isChunked() {
    return field("Transfer-Encoding").toLowerCase(Locale.ROOT).endsWith("chunked");
  }

  /** Bytes of the body, -1 if only the end of the connection tells. */
  long length() throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return 0;
    }
    String text = field("Content-Length");
    if (text.isEmpty()) {
      return -1;
    }
    try {
      long length = Long.parseLong(text);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new IOException("Content-Length '" + text + "' is not a number", e);
    }
    throw new IOException("Content-Length " + text + " is negative");
  }
}
