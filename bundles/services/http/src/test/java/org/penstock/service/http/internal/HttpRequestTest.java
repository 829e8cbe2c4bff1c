package org.penstock.service.http.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.service.http.internal.HttpRequest.BadRequestException;

/** Heads of requests, RFC 9112. */
class HttpRequestTest {

  private static HttpRequest parse(String head) throws BadRequestException {
    return HttpRequest.parse(head.getBytes(ISO_8859_1));
  }

  @Test
  void isReadFromItsHead() throws Exception {
    HttpRequest request = parse("GET /a?b HTTP/1.1\r\nhost: x\r\nAccept: a\r\naccept:  b \r\n\r\n");

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/a?b");
    assertThat(request.minorVersion()).isEqualTo(1);
    assertThat(request.field("HOST")).isEqualTo("x");
    assertThat(request.field("Accept")).isEqualTo("a, b");
    assertThat(request.field("Other")).isNull();
    assertThat(request.hasBody()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1, , true",
    "HTTP/1.1, close, false",
    "HTTP/1.1, 'Close, x', false",
    "HTTP/1.0, , false",
    "HTTP/1.0, Keep-Alive, true"
  })
  void persistsUnlessOneSideSaysOtherwise(String version, String connection, boolean persists)
      throws Exception {
    String field = connection == null ? "" : "Connection: " + connection + "\r\n";

    assertThat(parse("GET / " + version + "\r\nHost: x\r\n" + field + "\r\n").keepsAlive())
        .isEqualTo(persists);
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 5', true",
    "'Content-Length: 0', false",
    "'Transfer-Encoding: chunked', true"
  })
  void knowsWhetherABodyFollows(String field, boolean body) throws Exception {
    assertThat(parse("GET / HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n").hasBody())
        .isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /', 400",
    "'GET  / HTTP/1.1', 400",
    "' / HTTP/1.1', 400",
    "'GET / HTTP/2.0', 505",
    "'GET / HTTP/1.10', 505",
    "'GET / HTTP/1.1', 400",
    "'GET / HTTP/1.1\\r\\nHost : x', 400",
    "'GET / HTTP/1.1\\r\\nHost: x\\r\\n folded', 400",
    "'GET / HTTP/1.1\\r\\nHost: x\\r\\nnothing', 400"
  })
  void whatIsNoRequestHasItsStatus(String head, int status) {
    String text = head.replace("\\r\\n", "\r\n") + "\r\n\r\n";

    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.status).isEqualTo(status));
  }

  @ParameterizedTest
  @CsvSource({"'a|n|n', 3", "'a|r|n|r|n', 5", "'a|n|r|nmore', 4", "'a|r|n|r', -1", "'a', -1"})
  void anEmptyLineEndsTheHead(String text, int length) {
    String bytes = text.replace("|r", "\r").replace("|n", "\n");

    assertThat(HttpRequest.headLength(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1))))
        .isEqualTo(length);
  }
}
