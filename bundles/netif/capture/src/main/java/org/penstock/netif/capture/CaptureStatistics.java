package org.penstock.netif.capture;

/**
 * How far a capture is.
 *
 * @param frames written
 * @param bytes written, of all files
 * @param missed frames left out because the writer could not follow
 * @param ended true if nothing more is written
 * @param failure why it ended, empty if it was stopped or has reached its limit
 */
public record CaptureStatistics(
    long frames, long bytes, long missed, boolean ended, String failure) {}
