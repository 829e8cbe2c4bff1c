package org.penstock.launcher.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.oracle.TappedStack.KERNEL;
import static org.penstock.launcher.oracle.TappedStack.STACK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.launcher.Distribution;
import org.penstock.launcher.Eventually;
import org.penstock.service.http.HttpServer;
import org.penstock.shell.internal.http.Download;
import org.penstock.shell.internal.http.HttpGet;
import org.penstock.shell.internal.http.HttpUrl;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;
import org.penstock.testkit.SeededContent;

/**
 * Programs that were not written for us: curl and wget as clients of our HTTP server, nginx as the
 * server of our client. (iperf3 and ncat, in both roles, have tests of their own.)
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(120)
class RealProgramsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NGINX_PORT = 8080;
  private static final int[] SIZES = {0, 1, 1460, 70_000, 16 << 20};
  private static final int AT_ONCE = 8;

  private static TappedStack system;
  private static HttpServer server;
  private static Process nginx;
  private static Path folder;

  @BeforeAll
  static void start() throws Exception {
    Prerequisites.requireTool("curl", "curl");
    Prerequisites.requireTool("wget", "wget");
    Prerequisites.requireTool("nginx", "nginx-light");
    folder = Distribution.emptied("oracle/programs");
    for (int size : SIZES) {
      content(size).writeTo(folder.resolve("file" + size));
    }
    system = TappedStack.direct();
    server = HttpServer.start(system.client(), TransportAddress.of("0.0.0.0", 80), folder);
    nginx = startNginx();
    Eventually.await("an answer of nginx", RealProgramsIT::nginxAnswers, () -> "none");
  }

  private static SeededContent content(int size) {
    return new SeededContent(size, size);
  }

  /** Without a daemon's habits: everything it writes is in a folder of the test's. */
  private static Process startNginx() throws IOException {
    Path conf = folder.resolve("nginx.conf");
    Files.writeString(
        conf,
        """
        user root;
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/temp;
          proxy_temp_path %1$s/temp;
          fastcgi_temp_path %1$s/temp;
          uwsgi_temp_path %1$s/temp;
          scgi_temp_path %1$s/temp;
          server {
            listen %2$s:%3$d;
            root %1$s;
          }
        }
        """
            .formatted(folder, KERNEL, NGINX_PORT));
    return system
        .linux()
        .start(
            "nginx", "-p", folder.toString(), "-c", conf.toString(), "-e", folder + "/start.log");
  }

  private static boolean nginxAnswers() {
    try {
      return fetch(0).status() == 200;
    } catch (IOException e) {
      assertThat(nginx.isAlive()).as("nginx runs").isTrue();
      return false;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (nginx != null) {
      nginx.destroy();
    }
    if (system != null) {
      system.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -sS --fail -o %s http://%s/file%d",
        "curl -sS --fail --http1.0 -o %s http://%s/file%d",
        "wget -q -O %s http://%s/file%d"
      })
  void clientGetsEveryFile(String command) throws Exception {
    for (int size : SIZES) {
      Path got = folder.resolve("got");
      system.sh(command.formatted(got, STACK, size));
      assertThat(Files.mismatch(got, folder.resolve("file" + size))).as("%d", size).isEqualTo(-1);
    }
  }

  @Test
  void wgetIsToldWhatIsMissing() throws Exception {
    assertThat(system.sh("wget -S -O /dev/null http://" + STACK + "/missing 2>&1 || true"))
        .contains("404 Not Found");
  }

  @Test
  void ourClientGetsEveryFileOfNginx() throws Exception {
    for (int size : SIZES) {
      assertIsWhole(fetch(size), size);
    }
  }

  @Test
  void ourClientsGetFilesOfNginxSideBySide() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Download>> downloads = new ArrayList<>();
      for (int i = 0; i < 4 * AT_ONCE; i++) {
        downloads.add(threads.submit(() -> fetch(70_000)));
      }
      for (Future<Download> download : downloads) {
        assertIsWhole(download.get(), 70_000);
      }
    }
  }

  private static Download fetch(int size) throws IOException {
    return new HttpGet(system.client(), PATIENCE)
        .fetch(HttpUrl.parse("http://" + KERNEL + ":" + NGINX_PORT + "/file" + size), null, true);
  }

  private static void assertIsWhole(Download download, int size) {
    assertThat(download.status()).isEqualTo(200);
    assertThat(download.bytes()).isEqualTo(size);
    assertThat(download.sha256()).isEqualTo(content(size).sha256());
  }
}
