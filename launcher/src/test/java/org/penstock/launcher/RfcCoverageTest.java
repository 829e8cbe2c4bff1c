package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of rules names tests that there are, and a test or a reason for every rule. */
class RfcCoverageTest {

  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");

  /** A test class, and perhaps one of its methods, as the table writes it. */
  private static final Pattern TEST =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract))(?:\\.(\\w+))?`");

  private static final Map<String, String> SOURCES = new HashMap<>();

  private static List<String> lines;

  @BeforeAll
  static void read() throws IOException {
    lines = Files.readAllLines(ROOT.resolve("docs/rfc-coverage.md"));
    try (Stream<Path> tree = Files.walk(ROOT)) {
      tree.filter(path -> path.toString().matches(".*/src/.*(Test|IT|Contract)\\.java"))
          .forEach(RfcCoverageTest::take);
    }
  }

  /** Modules may have tests of one name. */
  private static void take(Path source) {
    String name = source.getFileName().toString().replace(".java", "");
    try {
      SOURCES.merge(name, Files.readString(source), String::concat);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void testsThatAreNamedAreThere() {
    List<String> missing = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = TEST.matcher(line);
      while (matcher.find()) {
        String source = SOURCES.get(matcher.group(1));
        String method = matcher.group(2);
        if (source == null || (method != null && !source.contains("void " + method + "("))) {
          missing.add(matcher.group());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void everyRuleHasATestOrAReason() {
    List<String> bare =
        lines.stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| section |"))
            .filter(line -> !line.startsWith("| | "))
            .filter(line -> !TEST.matcher(line).find() && !line.contains("not done"))
            .toList();

    assertThat(bare).isEmpty();
  }

  @Test
  void rfcsAreSortedByNumber() {
    List<Integer> numbers =
        lines.stream()
            .filter(line -> line.startsWith("## RFC "))
            .map(line -> Integer.parseInt(line.replaceFirst("## RFC (\\d+).*", "$1")))
            .toList();

    assertThat(numbers).isNotEmpty().isSorted().doesNotHaveDuplicates();
  }
}
