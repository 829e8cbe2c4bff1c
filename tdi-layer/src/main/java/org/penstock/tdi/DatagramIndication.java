package org.penstock.tdi;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** A datagram shown to a {@link DatagramHandler}; valid until the handler returns. */
@ProviderType
public interface DatagramIndication {

  /** Its sender. */
  TransportAddress remote();

  /** The address it was sent to. */
  TransportAddress local();

  /** The DiffServ codepoint that it arrived with (RFC 1122 §4.1.4). */
  int dscp();

  /** Memory that holds the payload; read-only. */
  MemorySegment segment();

  /** Where it begins in {@link #segment}. */
  long offset();

  /** Bytes of payload. */
  int length();

  /**
   * Gives a receive for the datagram: it is filled with it, and completes like any receive.
   *
   * @param request not pending
   * @param target where to; a short one gets the beginning and {@link Status#BUFFER_OVERFLOW}
   */
  void take(Request request, MemorySegment target, long offset, long length);
}
