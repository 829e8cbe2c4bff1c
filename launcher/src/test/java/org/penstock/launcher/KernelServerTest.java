package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.penstock.testkit.SeededContent;

/** What Penstock is compared with does what Penstock's services do. */
@Timeout(60)
class KernelServerTest {

  private static final SeededContent CONTENT = new SeededContent(1, 3_000_001);

  @TempDir private Path folder;
  private KernelServer server;

  @BeforeEach
  void serveFile() throws Exception {
    Path file = folder.resolve("file");
    CONTENT.writeTo(file);
    server = KernelServer.start(file, 0, 0);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Test
  void fileComesWhole() throws Exception {
    Path got = folder.resolve("got");
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + server.httpPort() + "/file");
      HttpResponse<Path> answer =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofFile(got));

      assertThat(answer.statusCode()).isEqualTo(200);
    }
    assertThat(got).hasSameBinaryContentAs(folder.resolve("file"));
  }

  @Test
  void discardReadsToTheEndAndSaysNothing() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.discardPort());
        OutputStream output = client.getOutputStream();
        InputStream input = client.getInputStream()) {
      Files.copy(folder.resolve("file"), output);
      client.shutdownOutput();

      assertThat(input.read()).as("the server closes when it has read all").isEqualTo(-1);
    }
  }
}
