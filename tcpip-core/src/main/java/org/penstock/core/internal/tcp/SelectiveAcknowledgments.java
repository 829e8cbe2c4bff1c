package org.penstock.core.internal.tcp;

import org.penstock.api.view.Counter;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * Reads the SACK blocks of an acknowledgement into the scoreboard (RFC 2018 §5, Update() of RFC
 * 6675 §4), and the report of a duplicate (RFC 2883 §4). Nobody has checked what stands in them: a
 * block that names anything else than what is in flight, or was lately, is ignored and counted.
 */
final class SelectiveAcknowledgments {

  private SelectiveAcknowledgments() {}

  /**
   * Reads the blocks.
   *
   * @param acknowledgment SEG.ACK
   */
  static void read(
      TcpOptions options, int acknowledgment, Sender sender, TcpCell pcbs, Delivery delivery) {
    int blocks = options.sackBlocks();
    if (blocks == 0) {
      return;
    }
    int begin = 0;
    if (isDuplicate(options, acknowledgment)) {
      begin = 1;
      int left = options.sackLeft(0);
      int right = options.sackRight(0);
      if (isOrdered(left, right) && wasSent(left, right, sender)) {
        pcbs.count(Counter.TCP_DSACKS);
        delivery.duplicate(left, right);
      } else {
        pcbs.count(Counter.TCP_SACKS_IGNORED);
      }
    }
    int unacknowledged = sender.unacknowledged();
    for (int block = begin; block < blocks; block++) {
      int left = options.sackLeft(block);
      int right = options.sackRight(block);
      if (!isOrdered(left, right) || !wasSent(left, right, sender)) {
        pcbs.count(Counter.TCP_SACKS_IGNORED);
      } else if (SequenceNumber.greaterThan(right, unacknowledged)) {
        left = SequenceNumber.max(left, unacknowledged);
        sender.board().selectivelyAcknowledge(left, right, delivery);
      }
      // Else an older acknowledgement that was overtaken.
    }
  }

  /** RFC 2883 §4: the first block is below the acknowledgement, or lies in the second. */
  private static boolean isDuplicate(TcpOptions options, int acknowledgment) {
    int left = options.sackLeft(0);
    int right = options.sackRight(0);
    if (SequenceNumber.lessOrEqual(right, acknowledgment)) {
      return true;
    }
    return options.sackBlocks() > 1
        && SequenceNumber.greaterOrEqual(left, options.sackLeft(1))
        && SequenceNumber.lessOrEqual(right, options.sackRight(1));
  }

  private static boolean isOrdered(int left, int right) {
    return SequenceNumber.lessThan(left, right);
  }

  /** Not above SND.NXT, and not older than the largest window that could be in flight. */
  private static boolean wasSent(int left, int right, Sender sender) {
    return SequenceNumber.lessOrEqual(right, sender.next())
        && sender.unacknowledged() - left <= sender.window().largest()
        && SequenceNumber.greaterThan(left, sender.initial());
  }
}
