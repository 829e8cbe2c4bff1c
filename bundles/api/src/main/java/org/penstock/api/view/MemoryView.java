package org.penstock.api.view;

/**
 * Memory at one moment, in bytes unless said otherwise.
 *
 * @param landingsTotal landings that exist
 * @param landingsFree landings in their pools
 * @param chunkBytes send and receive chunks that exist
 * @param chunkBytesFree send and receive chunks in their pool
 * @param limit the stack's limit for both
 */
public record MemoryView(
    int landingsTotal, int landingsFree, long chunkBytes, long chunkBytesFree, long limit) {}
