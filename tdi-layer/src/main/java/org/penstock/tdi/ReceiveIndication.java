package org.penstock.tdi;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Bytes shown to a {@link ReceiveHandler}; valid until the handler returns. Without an answer the
 * bytes are not accepted: they stay, the window closes, and no receive event comes until the client
 * has posted a receive.
 */
@ProviderType
public interface ReceiveIndication {

  /** Memory that holds the bytes; read-only. */
  MemorySegment segment();

  /** Where they begin in {@link #segment}. */
  long offset();

  /** How many bytes are shown. */
  int length();

  /** How many bytes are there, those shown included; at least {@link #length}. */
  long available();

  /**
   * Answers that the first bytes were taken; what is left is shown again.
   *
   * @param bytes 0 to {@link #length}; 0 says that none were accepted
   * @throws IllegalArgumentException if there are not as many
   */
  void took(int bytes);

  /**
   * Answers that the first bytes were taken, and gives a receive for what is left and newer data.
   * It is filled before the next receive event.
   *
   * @param bytes 0 to {@link #length}
   * @param request not pending; completes like any receive
   * @param target where to
   * @throws IllegalArgumentException if there are not as many bytes
   */
  void takeRest(int bytes, Request request, MemorySegment target, long offset, long length);
}
