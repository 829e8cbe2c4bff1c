package org.penstock.netif.loopback;

/**
 * What happened so far to the frames that one end sent, in frames. The numbers are read one after
 * the other while frames move.
 *
 * @param sent taken from the sending stack, the lost ones included
 * @param delivered given to the receiving stack, duplicates included
 * @param noLink lost because the link was down or nobody was attached at the other end
 * @param refused lost because longer than the device takes, or left work to the device that it does
 *     not offer
 * @param full how many times the queue was full and a frame was not taken
 */
public record WireStatistics(long sent, long delivered, long noLink, long refused, long full) {}
