package org.penstock.tdi;

/** Flags of a receive, combined by {@code |}. */
public final class ReceiveFlags {

  /** None: the bytes are taken. */
  public static final int NORMAL = 0;

  /** Leaves the bytes in place, to be received again. */
  public static final int PEEK = 1;

  private ReceiveFlags() {}
}
