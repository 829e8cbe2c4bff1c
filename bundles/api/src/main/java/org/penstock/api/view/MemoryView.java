package org.penstock.api.view;

/**
 * Memory at one moment, in bytes unless said otherwise.
 *
 * @param landingsTotal landings that exist
 * @param landingsFree landings in their pools
 * @param chunkBytes send and receive chunks that exist
 * @param chunkBytesFree send and receive chunks in their pool
 * @param used bytes in use: landings and chunks that are out of their pools, those that drivers
 *     hold included
 * @param softLimit above that many bytes in use, connections are offered and take less
 * @param hardLimit above that many, what was received out of order is given up, and new sends and
 *     abandoned connections are refused
 * @param limit the stack's limit for both
 */
public record MemoryView(
    int landingsTotal,
    int landingsFree,
    long chunkBytes,
    long chunkBytesFree,
    long used,
    long softLimit,
    long hardLimit,
    long limit) {}
