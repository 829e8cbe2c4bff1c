package org.penstock.tdi;

/** The two ways in which a connection ends. */
public enum Disconnect {
  /** At once, by a reset; what is queued is lost. */
  ABORT,
  /** In order: FIN after everything queued. Each side releases its own direction. */
  RELEASE
}
