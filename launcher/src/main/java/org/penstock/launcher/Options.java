package org.penstock.launcher;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line says.
 *
 * @param home the folder of the distribution; only read
 * @param bundles the folder with the distribution's bundles; only read
 * @param conf the folder with its configurations; only read
 * @param load a folder for bundles and configurations that come while it runs; made if missing
 * @param run a folder for the framework's cache and the log; made if missing
 * @param shell true for a shell on the terminal
 */
record Options(Path home, Path bundles, Path conf, Path load, Path run, boolean shell) {

  static final String USAGE =
      """
      usage: java -jar org.penstock.launcher.jar [OPTION]...

        --bundles DIR  bundles to start
        --conf DIR     configurations; only read
        --load DIR     bundles and configurations that come and go while it runs
        --run DIR      framework cache and log
        --shell        a shell on stdin (the default on a terminal)
        --no-shell     no shell: runs until SIGTERM
        --help         print this

      The folders are by default those of the same names beside lib/.
      """;

  /** The folders of a distribution, with a shell or without. */
  static Options of(Path home, boolean shell) {
    return new Options(
        home,
        home.resolve("bundles"),
        home.resolve("conf"),
        home.resolve("load"),
        home.resolve("run"),
        shell);
  }

  /**
   * These options changed by a command line.
   *
   * @throws UsageException if an option is unknown or has no value
   */
  Options with(List<String> arguments) {
    Options options = this;
    for (int i = 0; i < arguments.size(); i++) {
      String option = arguments.get(i);
      switch (option) {
        case "--shell" -> options = options.withShell(true);
        case "--no-shell" -> options = options.withShell(false);
        case "--bundles", "--conf", "--load", "--run" -> {
          i++;
          if (i == arguments.size() || arguments.get(i).isEmpty()) {
            throw new UsageException(option + " needs a folder");
          }
          options = options.withFolder(option, Path.of(arguments.get(i)));
        }
        default -> throw new UsageException("unknown option '" + option + "'");
      }
    }
    return options;
  }

  private Options withShell(boolean wanted) {
    return new Options(home, bundles, conf, load, run, wanted);
  }

  private Options withFolder(String option, Path folder) {
    return switch (option) {
      case "--bundles" -> new Options(home, folder, conf, load, run, shell);
      case "--conf" -> new Options(home, bundles, folder, load, run, shell);
      case "--load" -> new Options(home, bundles, conf, folder, run, shell);
      default -> new Options(home, bundles, conf, load, folder, shell);
    };
  }
}
