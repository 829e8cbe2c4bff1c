package org.penstock.tdi;

/**
 * What a client may hold at one time.
 *
 * @param addresses most address files
 * @param endpoints most connection endpoints
 * @param leasedBytes most bytes of chunks leased and not yet back in the pool, those in send queues
 *     included
 */
public record Quota(int addresses, int endpoints, long leasedBytes) {

  /** As much as the stack gives. */
  public static final Quota UNLIMITED =
      new Quota(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

  /** Refuses negative limits. */
  public Quota {
    if (addresses < 0 || endpoints < 0 || leasedBytes < 0) {
      throw new IllegalArgumentException(
          "a quota must not be negative: addresses "
              + addresses
              + ", endpoints "
              + endpoints
              + ", leasedBytes "
              + leasedBytes);
    }
  }
}
