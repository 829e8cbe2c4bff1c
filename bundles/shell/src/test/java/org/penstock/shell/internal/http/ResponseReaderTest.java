package org.penstock.shell.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses, whole and in pieces. */
class ResponseReaderTest {

  private record Response(ResponseHead head, String body) {}

  private static Response read(String text, int piece) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    ResponseReader reader =
        new ResponseReader(target -> {
          int part = Math.min(piece, Math.min(source.remaining(), target.remaining()));
          target.put(source.slice(source.position(), part));
          source.position(source.position() + part);
          return part;
        });
    ResponseHead head = reader.head();
    StringBuilder body = new StringBuilder();
    long bytes = reader.body(head, part -> body.append(ISO_8859_1.decode(part)));
    assertThat(bytes).isEqualTo(body.length());
    return new Response(head, body.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000})
  void aLengthEndsTheBody(int piece) throws Exception {
    Response response =
        read(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\n"
                + "helloignored",
            piece);

    assertThat(response.head().status()).isEqualTo(404);
    assertThat(response.head().reason()).isEqualTo("Not Found");
    assertThat(response.body()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000})
  void chunksEndWithAnEmptyOne(int piece) throws Exception {
    String text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\nhello\r\nA\r\n, world...\r\n0\r\nTrailer: z\r\n\r\n";

    assertThat(read(text, piece).body()).isEqualTo("hello, world...");
  }

  @Test
  void withoutALengthTheConnectionEndsTheBody() throws Exception {
    assertThat(read("HTTP/1.0 200\r\n\r\nall of it", 4).body()).isEqualTo("all of it");
    assertThat(read("HTTP/1.1 204 No Content\r\n\r\n", 4).body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\na",
      })
  void whatIsNoResponseIsAnError(String text) {
    assertThatThrownBy(() -> read(text, 3)).isInstanceOf(IOException.class).message().isNotBlank();
  }
}
