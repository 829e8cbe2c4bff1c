package org.penstock.service.http.internal;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the file a request's target names, and never one outside of the root. */
final class Resource {

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("pdf", "application/pdf"));

  private Resource() {}

  /**
   * The regular file of a target.
   *
   * @param root a real path
   * @return null if there is none to be shown
   */
  static @Nullable Path find(Path root, String target) throws IOException {
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    if (!path.startsWith("/")) {
      return null;
    }
    Path file;
    try {
      // URLDecoder reads a plus sign as a space, which a path does not.
      String decoded =
          URLDecoder.decode(path.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      file = root.resolve(decoded).normalize();
    } catch (IllegalArgumentException e) { // InvalidPathException among them
      return null;
    }
    if (!file.startsWith(root)) {
      return null;
    }
    if (Files.isDirectory(file)) {
      file = file.resolve("index.html");
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return null;
    }
    Path real = file.toRealPath();
    return real.startsWith(root) ? real : null;
  }

  /** The media type by the file's ending. */
  static String type(Path file) {
    String name = String.valueOf(file.getFileName());
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(ending, "application/octet-stream");
  }
}
