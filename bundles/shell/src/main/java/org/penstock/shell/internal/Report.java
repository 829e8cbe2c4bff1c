package org.penstock.shell.internal;

/** What a command returns: data for scripts, with a text for people. */
public interface Report {

  /** The text, without a line end behind its last line. */
  String text();
}
