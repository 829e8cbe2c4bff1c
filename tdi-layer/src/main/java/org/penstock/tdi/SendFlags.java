package org.penstock.tdi;

/** Flags of a send, combined by {@code |}. */
public final class SendFlags {

  /** None. */
  public static final int NONE = 0;

  /** More follows at once, so that a small segment may wait for it. */
  public static final int PARTIAL = 1;

  /**
   * Never waits: takes what fits and says how much, or ends {@link Status#DEVICE_NOT_READY}. Then
   * {@link AddressFile#onSendPossible} tells when there is room.
   */
  public static final int NON_BLOCKING = 2;

  private SendFlags() {}
}
