package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  private static final Options DEFAULTS = Options.of(Path.of("home"), true);

  @Test
  void foldersAreThoseOfTheDistribution() {
    assertThat(DEFAULTS.bundles()).isEqualTo(Path.of("home/bundles"));
    assertThat(DEFAULTS.conf()).isEqualTo(Path.of("home/conf"));
    assertThat(DEFAULTS.load()).isEqualTo(Path.of("home/load"));
    assertThat(DEFAULTS.run()).isEqualTo(Path.of("home/run"));
  }

  @Test
  void eachFolderCanBeGiven() {
    Options options =
        DEFAULTS.with(
            List.of("--bundles", "b", "--conf", "c", "--load", "l", "--run", "r", "--no-shell"));

    assertThat(options)
        .isEqualTo(
            new Options(
                Path.of("home"), Path.of("b"), Path.of("c"), Path.of("l"), Path.of("r"), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--frobnicate", "--conf", "conf", "--shell=yes"})
  void whatIsWrongIsNamed(String argument) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> DEFAULTS.with(List.of("--no-shell", argument)))
        .withMessageContaining(argument);
  }

  @Test
  void folderWithoutANameIsRefused() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> DEFAULTS.with(List.of("--run", "")))
        .withMessage("--run needs a folder");
  }
}
