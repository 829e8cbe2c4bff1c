package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.Prerequisites;

/**
 * The archive for Karaf, deployed as a person does: one file in its {@code deploy} folder, and
 * configurations in {@code etc}. Without its console, which no Karaf yet has on this Java.
 */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class KarafIT {

  private static final Path ARCHIVE = Distribution.home().resolve("karaf/penstock.kar");
  private static final Path KARAF = Distribution.target().resolve("karaf/home");
  private static final Pattern BUNDLE = Pattern.compile("mvn:([^/]+)/([^/]+)/([^<]+)<");
  private static final String KERNEL = "192.0.2.1";
  private static final String STACK = "192.0.2.2";

  @Test
  void archiveHasEveryBundleThatItsFeaturesName() throws Exception {
    List<String> named;
    try (ZipFile archive = new ZipFile(ARCHIVE.toFile())) {
      String features =
          new String(
              archive
                  .getInputStream(
                      archive.stream()
                          .filter(entry -> entry.getName().endsWith("-features.xml"))
                          .findFirst()
                          .orElseThrow())
                  .readAllBytes());
      List<MatchResult> bundles = BUNDLE.matcher(features).results().toList();
      for (MatchResult bundle : bundles) {
        assertThat(archive.getEntry(path(bundle))).as("%s", path(bundle)).isNotNull();
      }
      named = bundles.stream().map(bundle -> bundle.group(2)).toList();
    }
    assertThat(named)
        .as("every bundle of the distribution is of a feature")
        .containsAll(
            Distribution.ownJars().stream()
                .map(jar -> jar.getFileName().toString().replace(".jar", ""))
                .filter(name -> !name.equals("org.penstock.launcher"))
                .toList());
  }

  private static String path(MatchResult bundle) {
    String group = bundle.group(1).replace('.', '/');
    String artifact = bundle.group(2);
    String version = bundle.group(3);
    return "repository/%s/%s/%s/%s-%s.jar".formatted(group, artifact, version, artifact, version);
  }

  @Test
  void deployedItServesThroughATap() throws Exception {
    Prerequisites.requireTool("curl", "curl");
    Path base = Distribution.emptied("karaf/base");
    Path www = Files.createDirectories(base.resolve("www"));
    Files.writeString(www.resolve("index.html"), "from Karaf");
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      configure(base, www, namespace.name());
      Files.createDirectories(base.resolve("data/log"));
      Path deploy = Files.createDirectories(base.resolve("deploy"));
      Files.copy(ARCHIVE, deploy.resolve("penstock.kar"));
      try (RunningProcess karaf = start(base)) {
        Path log = base.resolve("data/log/karaf.log");
        Eventually.await(
            "the TAP device of the stack in Karaf",
            () -> succeeds(namespace, "ip", "link", "show", "tap0"),
            () -> tail(log));
        namespace.run("ip", "address", "add", KERNEL + "/24", "dev", "tap0");
        namespace.run("ip", "link", "set", "tap0", "up");
        Eventually.await(
            "the HTTP server on the stack in Karaf",
            () -> succeeds(namespace, "curl", "-sf", "-m", "5", "http://" + STACK + "/"),
            () -> tail(log));
      }
    }
  }

  private static void configure(Path base, Path www, String netns) throws IOException {
    Path etc = base.resolve("etc");
    try (Stream<Path> tree = Files.walk(KARAF.resolve("etc"))) {
      for (Path from : tree.toList()) {
        Path to = etc.resolve(KARAF.resolve("etc").relativize(from).toString());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    // Subject.getSubject is gone from Java, and Karaf's event admin calls it unless told not to.
    write(
        etc,
        "org.apache.felix.eventadmin.impl.EventAdmin",
        "org.apache.felix.eventadmin.AddSubject=false");
    write(etc, "org.penstock.stack-k", "name = k");
    write(etc, "org.penstock.netif.tap-tap0", "name = tap0\nnetns = " + netns);
    write(
        etc,
        "org.penstock.slot-net0",
        "stack = k\nname = net0\naddresses = " + STACK + "/24\nnetif.target = (netif.name=tap0)");
    write(etc, "org.penstock.service.http-k", "stack = k\nroot = " + www);
  }

  private static void write(Path etc, String name, String text) throws IOException {
    Files.writeString(etc.resolve(name + ".cfg"), text + "\n");
  }

  private static RunningProcess start(Path base) throws IOException {
    return RunningProcess.start(
        List.of(
            "env",
            "JAVA_HOME=" + System.getProperty("java.home"),
            "JAVA_OPTS=--enable-native-access=ALL-UNNAMED",
            "KARAF_BASE=" + base,
            "KARAF_ETC=" + base.resolve("etc"),
            "KARAF_DATA=" + base.resolve("data"),
            "KARAF_LOG=" + base.resolve("data/log"),
            KARAF.resolve("bin/karaf").toString(),
            "server"));
  }

  private static boolean succeeds(NetworkNamespace namespace, String... command) {
    try {
      namespace.run(command);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
