package org.penstock.core.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The stack's pool of {@linkplain Chunk chunks}. All methods may be called from any thread. */
@ProviderType
public interface Chunks {

  /** Bytes of a small chunk. */
  int SMALL = 4 * 1024;

  /** Bytes of a large chunk. */
  int LARGE = 64 * 1024;

  /**
   * Leases a chunk.
   *
   * @param bytes what it should hold; from {@link #SMALL} on it is a large one, which may hold less
   * @return the chunk, or null if the stack's memory limit is reached
   */
  @Nullable Chunk lease(int bytes);
}
