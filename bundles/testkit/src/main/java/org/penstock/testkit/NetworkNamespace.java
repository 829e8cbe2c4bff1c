package org.penstock.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A Linux network namespace of a test's own, with its loopback interface up. Closing it ends the
 * processes started in it and removes it with every device inside. Thread-safe.
 *
 * <p>Its name is {@code penstock-PID-N}: those whose process no longer lives are the leftovers of a
 * run that was killed, and {@link #removeLeftovers} removes them.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final String PREFIX = "penstock-";
  private static final Path FOLDER = Path.of("/run/netns");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name;
  private final ConcurrentLinkedQueue<Process> processes = new ConcurrentLinkedQueue<>();

  private NetworkNamespace(String name) {
    this.name = name;
  }

  /**
   * Creates one. Fails or skips the test as {@link Prerequisites} says where that is impossible.
   *
   * @return the namespace, to be closed
   */
  public static NetworkNamespace create() {
    Prerequisites.requireTap();
    String name = PREFIX + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
    command(PATIENCE, List.of("ip", "netns", "add", name));
    var namespace = new NetworkNamespace(name);
    namespace.run("ip", "link", "set", "lo", "up");
    return namespace;
  }

  /**
   * Removes the namespaces of runs whose process is dead, after ending the processes in them.
   *
   * @return the names of those removed
   */
  public static List<String> removeLeftovers() {
    List<String> removed = new ArrayList<>();
    for (String name : existing()) {
      OptionalLong owner = owner(name);
      if (owner.isPresent() && ProcessHandle.of(owner.getAsLong()).isEmpty()) {
        try {
          remove(name);
          removed.add(name);
        } catch (AssertionError e) {
          if (Files.exists(FOLDER.resolve(name))) {
            throw e;
          } // else another run was faster
        }
      }
    }
    return removed;
  }

  /** The name, as {@code ip netns} shows it. */
  public String name() {
    return name;
  }

  /**
   * Runs a program in the namespace and waits for its end, 30 seconds at most.
   *
   * @param command the program and its arguments
   * @return what it wrote to its standard output and error
   * @throws AssertionError when it cannot be started, does not end in time or ends with an exit
   *     code other than 0
   */
  public String run(String... command) {
    return run(PATIENCE, command);
  }

  /**
   * Runs a program in the namespace and waits for its end.
   *
   * @param limit how long at most
   * @param command the program and its arguments
   * @return what it wrote to its standard output and error
   * @throws AssertionError when it cannot be started, does not end in time or ends with an exit
   *     code other than 0
   */
  public String run(Duration limit, String... command) {
    return command(limit, inside(command));
  }

  /**
   * Starts a program in the namespace. It is ended when the namespace is closed. Its standard error
   * is joined to its standard output.
   *
   * @param command the program and its arguments
   * @return the process
   */
  public Process start(String... command) {
    try {
      Process process = new ProcessBuilder(inside(command)).redirectErrorStream(true).start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new AssertionError("cannot start " + String.join(" ", command), e);
    }
  }

  /** Ends the processes started in it, then removes it. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    if (Files.exists(FOLDER.resolve(name))) {
      remove(name);
    }
  }

  private List<String> inside(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
    line.addAll(List.of(command));
    return line;
  }

  private static List<String> existing() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of(); // no namespace was ever made since the machine started
    }
  }

  private static OptionalLong owner(String name) {
    String[] parts = name.split("-");
    if (parts.length != 3 || !name.startsWith(PREFIX) || !parts[1].matches("[0-9]{1,9}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(parts[1]));
  }

  private static void remove(String name) {
    // A process left inside would keep the namespace and its devices alive without a name.
    command(PATIENCE, List.of("ip", "netns", "pids", name))
        .lines()
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .forEach(ProcessHandle::destroyForcibly);
    command(PATIENCE, List.of("ip", "netns", "del", name));
  }

  private static String command(Duration limit, List<String> line) {
    String words = String.join(" ", line);
    try {
      Path output = Files.createTempFile("penstock-", ".out");
      try {
        // To a file, so that a program that writes much never waits for a reader.
        Process process =
            new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
          process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
          String how = ended ? "exit code " + process.exitValue() : "not ended in " + limit;
          throw new AssertionError(words + ": " + how + "\n" + text);
        }
        return text;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot run " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + words, e);
    }
  }
}
