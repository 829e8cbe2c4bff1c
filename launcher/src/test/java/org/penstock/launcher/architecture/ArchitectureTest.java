package org.penstock.launcher.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The import rules and the StackRuntime rule, over the classes of every bundle. */
class ArchitectureTest {

  private static final String ROOT = "org.penstock";
  private static final String FIXTURE = ROOT + ".launcher.architecture.fixture";

  private static final JavaClasses BUNDLES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);
  private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(FIXTURE);

  static Stream<ArchRule> rulesOfTheBundles() {
    return rulesBelow(ROOT);
  }

  @ParameterizedTest
  @MethodSource("rulesOfTheBundles")
  void bundlesKeepTheRule(ArchRule rule) {
    rule.check(BUNDLES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.UsesDriver",
        "netif.tap.UsesCore",
        "concurrency.mailbox.UsesOtherStrategy",
        "core.UsesTransportLayer",
        "tdi.UsesInsideOfCore",
        "service.echo.UsesDriver",
        "shell.UsesInsideOfCore",
        "unknown.BelongsToNoBundle",
        "core.Synchronizes",
        "core.internal.osgi.TellsTime",
        "tdi.ParksThread",
        "concurrency.mailbox.ReadsClock",
      })
  void offenderIsFound(String offender) {
    String name = FIXTURE + "." + offender;

    Stream<String> violations =
        rulesBelow(FIXTURE)
            .flatMap(rule ->
                rule
                    .allowEmptyShould(true)
                    .evaluate(OFFENDERS)
                    .getFailureReport()
                    .getDetails()
                    .stream());

    assertThat(violations).anyMatch(violation -> violation.contains(name));
  }

  @Test
  void exceptionsFromTheRuntimeRule() {
    assertThat(RuntimeRule.below(FIXTURE).evaluate(OFFENDERS).getFailureReport().getDetails())
        .as("the runtime itself may use threads, components of the container may synchronize")
        .noneMatch(violation -> violation.contains("SystemRuntime"))
        .noneMatch(violation -> violation.contains("ThinComponent"));
  }

  private static Stream<ArchRule> rulesBelow(String root) {
    return Stream.concat(new BundleRules(root).rules(), Stream.of(RuntimeRule.below(root)));
  }
}
