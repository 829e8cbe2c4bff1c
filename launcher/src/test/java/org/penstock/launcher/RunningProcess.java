package org.penstock.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program that a test started, its output and errors as one stream of lines. It is killed after
 * three minutes, so that no test waits for ever.
 */
final class RunningProcess implements AutoCloseable {

  private static final long LIMIT_SECONDS = 180;
  private static final long RETYPE_MILLIS = 500;

  private final Process process;
  private final BufferedReader output;
  private final List<String> seen = new ArrayList<>();

  private RunningProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
    process
        .onExit()
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .whenComplete((ended, late) -> {
          if (late != null) {
            kill();
          }
        });
  }

  /**
   * Starts a process that takes signals as one started by a person does: a run in the background
   * ignores SIGINT, and a process inherits that.
   */
  static RunningProcess start(List<String> command) throws IOException {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT,QUIT"));
    words.addAll(command);
    return new RunningProcess(new ProcessBuilder(words).redirectErrorStream(true).start());
  }

  /** The {@code java} that runs this test. */
  static String java() {
    return ProcessHandle.current().info().command().orElseThrow();
  }

  /**
   * Reads until there is such a line.
   *
   * @throws AssertionError if the output ends first
   */
  void awaitLine(Predicate<String> wanted) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.add(line);
      if (wanted.test(line)) {
        return;
      }
    }
    throw new AssertionError("the output ended without the line; it was " + seen);
  }

  /** Types a line into standard input. */
  void type(String text) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write(text.getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /**
   * Types until there is such a line, as a person does: what comes between two prompts may be lost.
   *
   * @throws AssertionError if the output ends first
   */
  void typeUntil(String text, Predicate<String> wanted) throws IOException, InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    Thread typist =
        Thread.ofPlatform()
            .daemon(true)
            .start(() -> {
              try {
                do {
                  type(text);
                } while (!answered.await(RETYPE_MILLIS, TimeUnit.MILLISECONDS));
              } catch (IOException | InterruptedException e) {
                // It has ended and closed its input, which whoever reads its output notices.
              }
            });
    try {
      awaitLine(wanted);
    } finally {
      answered.countDown();
      typist.join();
    }
  }

  /** Types until the process ends, as a person does: what comes between two prompts may be lost. */
  void typeUntilItEnds(String text) throws IOException, InterruptedException {
    do {
      try {
        type(text);
      } catch (IOException e) {
        return; // It has ended and closed its input.
      }
    } while (!process.waitFor(RETYPE_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** Its number; those it starts may bear it in their names. */
  long pid() {
    return process.pid();
  }

  /** Sends a signal; Java's own way of ending a process would close its output as well. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Waits for the end; a process that does not end is killed, which its exit code tells. */
  int exitCode() throws InterruptedException {
    output.lines().forEach(seen::add);
    return process.waitFor();
  }

  /** Everything that was read so far. */
  List<String> lines() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    kill();
  }

  /** By the handles, since {@code Process.destroy} would close the output before it is read. */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }
}
