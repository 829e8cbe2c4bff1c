package org.penstock.shell.internal.http;

import org.jspecify.annotations.Nullable;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.table.Units;

/**
 * A response that was read to its end.
 *
 * @param status such as 200
 * @param reason such as OK, empty if the server gave none
 * @param type its media type, empty if the server gave none
 * @param bytes of its body
 * @param connectNanos until the connection was there
 * @param firstByteNanos from then until the first byte of the response
 * @param bodyNanos from then until the last byte
 * @param sha256 of the body in hexadecimal digits, null if nobody asked
 */
public record Download(
    int status,
    String reason,
    String type,
    long bytes,
    long connectNanos,
    long firstByteNanos,
    long bodyNanos,
    @Nullable String sha256)
    implements Report {

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("status   ").append(status).append(' ').append(reason).append('\n');
    if (!type.isEmpty()) {
      text.append("type     ").append(type).append('\n');
    }
    text.append("size     ").append(bytes).append(" bytes");
    if (bytes >= 1024) {
      text.append(" (").append(Units.bytes(bytes)).append(')');
    }
    text.append("\ntime     ")
        .append(Units.time(connectNanos + firstByteNanos + bodyNanos))
        .append(": connect ")
        .append(Units.time(connectNanos))
        .append(", first byte ")
        .append(Units.time(firstByteNanos))
        .append(", body ")
        .append(Units.time(bodyNanos));
    text.append("\nspeed    ").append(Units.rate(bytes, firstByteNanos + bodyNanos));
    if (sha256 != null) {
      text.append("\nsha256   ").append(sha256);
    }
    return text.toString();
  }
}
