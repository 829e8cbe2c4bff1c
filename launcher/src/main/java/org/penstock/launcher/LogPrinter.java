package org.penstock.launcher;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Writes the container's log: everything to a file, with stack traces; one line an entry to
 * standard error, for our own bundles from a level that depends on whether a shell is there to be
 * disturbed, for all others from WARN on.
 *
 * <p>The log service calls it on a thread of its own.
 */
final class LogPrinter
    implements LogListener, ServiceTrackerCustomizer<LogReaderService, LogReaderService> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** Loggers of the framework's own bundle and service events, of which there are hundreds. */
  private static final String EVENTS = "Events.";

  /** Whose entries below WARN are worth a line on the terminal. */
  private static final String OURS = "org.penstock.";

  private final BundleContext context;
  private final PrintStream file;
  private final PrintStream terminal;
  private final LogLevel terminalLevel;

  private LogPrinter(
      BundleContext context, PrintStream file, PrintStream terminal, LogLevel terminalLevel) {
    this.context = context;
    this.file = file;
    this.terminal = terminal;
    this.terminalLevel = terminalLevel;
  }

  /** Writes the log of every log service that comes, until the framework stops. */
  static void attach(
      BundleContext context, PrintStream file, PrintStream terminal, LogLevel terminalLevel) {
    LogPrinter printer = new LogPrinter(context, file, terminal, terminalLevel);
    new ServiceTracker<>(context, LogReaderService.class, printer).open();
  }

  @Override
  public void logged(LogEntry entry) {
    LogLevel level = entry.getLogLevel();
    if (entry.getLoggerName().startsWith(EVENTS) && !LogLevel.WARN.implies(level)) {
      return;
    }
    String line =
        "%s %-5s %s: %s"
            .formatted(
                TIME.format(Instant.ofEpochMilli(entry.getTime())),
                level,
                entry.getBundle().getSymbolicName(),
                entry.getMessage());
    Throwable exception = entry.getException();
    synchronized (file) {
      file.println(line);
      if (exception != null) {
        exception.printStackTrace(file);
      }
    }
    if (levelFor(entry.getBundle()).implies(level)) {
      terminal.println(exception == null ? line : line + ": " + exception);
    }
  }

  private LogLevel levelFor(Bundle source) {
    if (context.getBundle().getState() == Bundle.STOPPING) {
      // Bundles warn of each other's going; a person who ended Penstock knows.
      return LogLevel.ERROR;
    }
    return source.getSymbolicName().startsWith(OURS) ? terminalLevel : LogLevel.WARN;
  }

  @Override
  public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
    LogReaderService reader = context.getService(reference);
    reader.addLogListener(this);
    return reader;
  }

  @Override
  public void modifiedService(
      ServiceReference<LogReaderService> reference, LogReaderService reader) {}

  @Override
  public void removedService(
      ServiceReference<LogReaderService> reference, LogReaderService reader) {
    reader.removeLogListener(this);
    context.ungetService(reference);
  }
}
