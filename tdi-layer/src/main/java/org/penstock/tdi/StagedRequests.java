package org.penstock.tdi;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;

/**
 * The requests of an endpoint as stages, completed at dispatch level: with the result, or with a
 * {@link TransportException}. {@code toCompletableFuture().cancel(…)} cancels the request. May be
 * called from any thread at any level.
 */
@ProviderType
public interface StagedRequests {

  /**
   * Connects.
   *
   * @param timeout null for the transport's own
   * @return completed with the peer
   */
  CompletionStage<TransportAddress> connectAsync(
      TransportAddress remote, @Nullable Duration timeout);

  /** Waits for a connection; completed with the peer. */
  CompletionStage<TransportAddress> listenAsync(ListenOptions options);

  /** Sends the buffer's remaining bytes; completed with how many, the buffer's position moved. */
  CompletionStage<Long> sendAsync(ByteBuffer source);

  /** Sends bytes of a chunk in place; the chunk is the transport's, however the send ends. */
  CompletionStage<Long> sendAsync(Chunk chunk, int offset, int length);

  /**
   * Receives into the buffer; completed with how many bytes, 0 if the peer has released its
   * direction, the buffer's position moved.
   */
  CompletionStage<Long> receiveAsync(ByteBuffer target);

  /** Ends the connection, or our direction of it. */
  CompletionStage<Long> disconnectAsync(Disconnect how);
}
