package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What the user sent and the peer has not acknowledged: slices of chunks, found by sequence number.
 * Segments are cut anew from it for each transmission, by what the path allows at that moment.
 * Empty it holds no memory. Owned by the cell.
 */
final class SendQueue {

  /** Most bytes, so that sequence numbers of one queue can be compared. */
  static final int MOST = 1 << 30;

  private static final int INITIAL = 8;

  /** A ring that grew beyond this is given up when the queue is empty. */
  private static final int KEPT = 64;

  private static final Chunk[] NONE = {};

  // A ring of slices: the chunk, the sequence number of the slice's first byte, where that stands
  // in
  // the chunk, and how many bytes follow.
  private @Nullable Chunk[] chunks = NONE;
  private int[] sequences = {};
  private int[] offsets = {};
  private int[] lengths = {};
  private int head;
  private int count;

  private int first;
  private int end;
  private boolean tailIsOurs;

  /** Begins an empty queue at a sequence number. */
  void begin(int sequence) {
    first = sequence;
    end = sequence;
  }

  /** The sequence number of the first byte. */
  int first() {
    return first;
  }

  /** The sequence number behind the last byte. */
  int end() {
    return end;
  }

  /** Bytes in the queue. */
  int bytes() {
    return end - first;
  }

  /** Slices in the queue, for tests of its invariants. */
  int slices() {
    return count;
  }

  /**
   * Copies bytes to the end, into the last chunk while it has room.
   *
   * @return how many; fewer than asked for if there is no memory
   */
  int copy(Chunks pool, MemorySegment source, long offset, int length) {
    int copied = 0;
    while (copied < length) {
      int tail = tailIsOurs ? at(count - 1) : -1;
      Chunk chunk = tail < 0 ? null : chunks[tail];
      int room = chunk == null ? 0 : chunk.capacity() - offsets[tail] - lengths[tail];
      if (chunk == null || room == 0) {
        chunk = pool.lease(length - copied);
        if (chunk == null) {
          return copied;
        }
        add(chunk, 0, 0);
        tailIsOurs = true;
        tail = at(count - 1);
        room = chunk.capacity();
      }
      int bytes = Math.min(room, length - copied);
      int to = offsets[tail] + lengths[tail];
      MemorySegment.copy(source, offset + copied, chunk.segment(), to, bytes);
      lengths[tail] += bytes;
      end += bytes;
      copied += bytes;
    }
    return copied;
  }

  /** Appends a slice of a chunk, in place. */
  void append(Chunk chunk, int offset, int length) {
    add(chunk, offset, length);
    end += length;
    tailIsOurs = false;
  }

  private void add(Chunk chunk, int offset, int length) {
    if (count == chunks.length) {
      grow();
    }
    int index = at(count++);
    chunks[index] = chunk;
    sequences[index] = end;
    offsets[index] = offset;
    lengths[index] = length;
  }

  private void grow() {
    int capacity = chunks.length;
    int grown = Math.max(INITIAL, capacity * 2);
    @Nullable Chunk[] newChunks = new Chunk[grown];
    int[] newSequences = new int[grown];
    int[] newOffsets = new int[grown];
    int[] newLengths = new int[grown];
    for (int i = 0; i < count; i++) {
      int from = at(i);
      newChunks[i] = chunks[from];
      newSequences[i] = sequences[from];
      newOffsets[i] = offsets[from];
      newLengths[i] = lengths[from];
    }
    chunks = newChunks;
    sequences = newSequences;
    offsets = newOffsets;
    lengths = newLengths;
    head = 0;
  }

  private int at(int slice) {
    return head + slice & chunks.length - 1;
  }

  /** Lets go of everything before a sequence number, which is within the queue. */
  void release(int upTo) {
    first = upTo;
    while (count > 0) {
      Chunk chunk = chunks[head];
      if (SequenceNumber.greaterThan(sequences[head] + lengths[head], upTo)) {
        return;
      }
      // A last chunk of ours with room would take more bytes; but an idle connection holds none.
      chunks[head] = null;
      head = head + 1 & chunks.length - 1;
      count--;
      if (chunk != null) {
        chunk.release();
      }
    }
    empty();
  }

  /** Lets go of everything. */
  void clear() {
    for (int i = 0; i < count; i++) {
      Chunk chunk = chunks[at(i)];
      if (chunk != null) {
        chunk.release();
      }
    }
    Arrays.fill(chunks, null);
    first = end;
    count = 0;
    empty();
  }

  private void empty() {
    head = 0;
    tailIsOurs = false;
    if (chunks.length > KEPT) {
      chunks = NONE;
      sequences = new int[0];
      offsets = new int[0];
      lengths = new int[0];
    }
  }

  /** Appends bytes of the queue to a packet, in place. */
  void gather(int sequence, int length, OutboundPacket packet) {
    int slice = find(sequence);
    int from = sequence;
    int left = length;
    while (left > 0) {
      int index = at(slice);
      Chunk chunk = chunks[index];
      if (slice >= count || chunk == null) {
        throw new IllegalStateException(
            "bytes "
                + SequenceNumber.toString(sequence)
                + " + "
                + length
                + " are not in the send queue");
      }
      int skip = from - sequences[index];
      int bytes = Math.min(left, lengths[index] - skip);
      packet.payload(chunk.segment(), offsets[index] + skip, bytes);
      from += bytes;
      left -= bytes;
      slice++;
    }
  }

  /** The slice in which a sequence number lies: the last one that does not start behind it. */
  private int find(int sequence) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (SequenceNumber.greaterThan(sequences[at(middle)], sequence)) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** What is wrong with the queue, for tests; null if nothing is. */
  @Nullable String check() {
    int expected = count == 0 ? end : sequences[head];
    if (count > 0 && !SequenceNumber.between(expected, first, end)) {
      return "the send queue begins at a byte it does not have";
    }
    if (count == 0 && first != end) {
      return "the send queue has " + (end - first) + " bytes without a slice";
    }
    for (int i = 0; i < count; i++) {
      int index = at(i);
      Chunk chunk = chunks[index];
      if (chunk == null || sequences[index] != expected) {
        return "the send queue has a gap at slice " + i;
      }
      if (offsets[index] + lengths[index] > chunk.capacity()) {
        return "slice " + i + " of the send queue reaches beyond its chunk";
      }
      expected += lengths[index];
    }
    return expected == end ? null : "the send queue ends in the wrong place";
  }
}
