package org.penstock.service.http.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a target names, and that none is outside of the root. */
class ResourceTest {

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void makeFiles() throws Exception {
    Path real = folder.toRealPath();
    Files.writeString(real.resolve("secret.txt"), "secret");
    root = Files.createDirectory(real.resolve("root"));
    Files.createDirectory(root.resolve("sub"));
    Files.writeString(root.resolve("index.html"), "index");
    Files.writeString(root.resolve("sub/a b+c.txt"), "text");
    Files.createDirectory(real.resolve("root-beside"));
    Files.writeString(real.resolve("root-beside/x"), "beside");
    Files.createSymbolicLink(root.resolve("out"), real.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("in"), root.resolve("index.html"));
  }

  @Test
  void filesOfTheRootAreFound() throws Exception {
    assertThat(Resource.find(root, "/")).isEqualTo(root.resolve("index.html"));
    assertThat(Resource.find(root, "/index.html?query=/../")).hasFileName("index.html");
    assertThat(Resource.find(root, "/sub/a%20b+c.txt")).hasFileName("a b+c.txt");
    assertThat(Resource.find(root, "/sub/../index.html")).hasFileName("index.html");
    assertThat(Resource.find(root, "/in")).as("a link inside").hasFileName("index.html");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/../root-beside/x",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/out",
        "/sub",
        "/missing",
        "/%zz",
        "/%00",
        "index.html",
        "http://x/index.html",
        "*",
        ""
      })
  void nothingElseIs(String target) throws Exception {
    assertThat(Resource.find(root, target)).isNull();
  }

  @Test
  void theTypeFollowsTheEnding() {
    assertThat(Resource.type(Path.of("a.HTML"))).startsWith("text/html");
    assertThat(Resource.type(Path.of("a.bin"))).isEqualTo("application/octet-stream");
    assertThat(Resource.type(Path.of("a"))).isEqualTo("application/octet-stream");
  }
}
