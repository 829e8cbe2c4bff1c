package org.penstock.netif.tap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The descriptors this process has open, of the kinds the driver opens. */
final class Descriptors {
  private Descriptors() {}

  /** What the driver's kinds of descriptors point to, in no particular order. */
  static List<String> ofTheDriver() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files
          .map(Descriptors::target)
          .filter(target ->
              target.equals("/dev/net/tun")
                  || target.contains("eventfd")
                  || target.startsWith("socket:")
                  || target.contains("netns"))
          .sorted()
          .toList();
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // closed while we looked
    }
  }
}
