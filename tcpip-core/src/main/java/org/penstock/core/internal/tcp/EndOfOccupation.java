package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.cell.Deferred;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * What a connection does once at the end of an occupation: it tells its user what has happened,
 * sends what may be sent, and acknowledges what was received. Owned by the cell.
 *
 * <p>The user may do anything when it is told, also abort the connection; what is told comes from
 * here and never from within a segment or a call, so nobody is surprised.
 */
final class EndOfOccupation extends Deferred {

  private static final int CONNECTED = 1;
  private static final int URGENT = 2;
  private static final int RECEIVED = 4;
  private static final int ACKNOWLEDGED = 8;
  private static final int RELEASED = 16;
  private static final int RELEASE_ACKNOWLEDGED = 32;
  private static final int TROUBLED = 64;
  private static final int FAILED = 128;

  private final Connection connection;
  private @Nullable TcpUser user;
  private int news;
  private long acknowledged;
  private @Nullable TcpFailure trouble;
  private @Nullable TcpFailure failure;
  private boolean over;
  private boolean synDue;

  EndOfOccupation(Connection connection) {
    this.connection = connection;
  }

  // ---- news ----

  /** Whom to tell; what a former user was not told is forgotten. */
  void user(TcpUser changed) {
    if (user != null) {
      // That it has failed the new one must hear, since it has no other way to know.
      news &= FAILED;
      acknowledged = 0;
    }
    user = changed;
    connection.flushLater();
  }

  /** Nobody is to be told anything more. */
  void forget() {
    user = null;
    news = 0;
    over = false;
    failure = null;
    synDue = false;
  }

  /** True if there is nobody to tell. */
  boolean isUnattended() {
    return user == null;
  }

  private void tellLater(int what) {
    news |= what;
    connection.flushLater();
  }

  void connected() {
    tellLater(CONNECTED);
  }

  void urgent() {
    tellLater(URGENT);
  }

  void received() {
    tellLater(RECEIVED);
  }

  void acknowledged(long bytes) {
    acknowledged += bytes;
    tellLater(ACKNOWLEDGED);
  }

  void released() {
    tellLater(RELEASED);
  }

  void releaseAcknowledged() {
    tellLater(RELEASE_ACKNOWLEDGED);
  }

  /** Tells the user, if there is one: whoever comes later need not hear of it. */
  void troubled(TcpFailure why) {
    if (user != null) {
      trouble = why;
      tellLater(TROUBLED);
    }
  }

  void failed(TcpFailure why) {
    failure = why;
    tellLater(FAILED);
  }

  void over() {
    over = true;
    connection.flushLater();
  }

  /** The SYN is to be sent, again or for the first time. */
  void synDue() {
    synDue = true;
    connection.flushLater();
  }

  // ---- the end ----

  @Override
  protected void finish() {
    boolean told = false;
    try {
      establish();
      tell();
      told = true;
    } finally {
      if (!told) {
        // An exception in the user's code ends this connection and nothing else.
        connection.abort();
      }
    }
    if (!connection.isInTables()) {
      return;
    }
    long now = connection.pcbs().now();
    if (connection.isBlocked() && connection.waiter().isWaiting()) {
      // What the user has given since the refusal has no timer yet.
      connection.sender().timers().startRetransmission(now);
    } else {
      send(now);
    }
  }

  /** A connection that was opened passively finds its user. */
  private void establish() {
    Listener listener = connection.listener();
    if (listener == null || (news & CONNECTED) == 0) {
      return;
    }
    news &= ~CONNECTED;
    if (listener.isClosed() || failure != null) {
      // Nobody has heard of it yet, so nobody will.
      listener.giveBack();
      connection.abort();
      return;
    }
    boolean returned = false;
    try {
      listener.acceptor().established(connection);
      returned = true;
    } finally {
      if (!returned) {
        listener.giveBack();
      }
    }
    if (user == null && connection.isInTables() && !connection.isOrphan()) {
      connection.abort();
    }
  }

  private void tell() {
    while (user != null && news != 0) {
      int what = Integer.lowestOneBit(news);
      news &= ~what;
      tell(user, what);
    }
    if (user != null && over && connection.receiver().queue().isEmpty()) {
      TcpUser told = user;
      forget();
      told.closed(connection);
    }
  }

  private void tell(TcpUser told, int what) {
    switch (what) {
      case CONNECTED -> told.connected(connection);
      case URGENT -> told.urgent(connection);
      case RECEIVED -> {
        if (!connection.receiver().queue().isEmpty()) {
          told.received(connection);
        }
      }
      case ACKNOWLEDGED -> {
        long bytes = acknowledged;
        acknowledged = 0;
        told.acknowledged(connection, bytes);
      }
      case RELEASED -> told.released(connection);
      case TROUBLED -> {
        TcpFailure why = trouble;
        trouble = null;
        if (why != null) {
          told.troubled(connection, why);
        }
      }
      case RELEASE_ACKNOWLEDGED -> told.releaseAcknowledged(connection);
      default -> {
        TcpFailure why = failure;
        forget();
        if (why != null) {
          told.failed(connection, why);
        }
        connection.receiver().clear();
      }
    }
  }

  private void send(long now) {
    if (connection.state().isHandshake()) {
      handshake(now);
      return;
    }
    acknowledgeDuplicates();
    boolean more = connection.sender().transmitter().output(now);
    acknowledge(now);
    if (more) {
      connection.flushLater();
    }
  }

  private void handshake(long now) {
    if (synDue) {
      if (connection.pcbs().writer().sendSyn(connection)) {
        synDue = false;
        connection.sender().synSent(now);
      }
    } else if (connection.state() == TcpState.SYN_RECEIVED
        && connection.receiver().isAcknowledgementDue()) {
      sendAcknowledgement();
    }
  }

  /** RFC 5681 §4.2: for what came out of order. */
  private void acknowledgeDuplicates() {
    Receiver receiver = connection.receiver();
    boolean leaves = true;
    while (leaves && receiver.isReportDue()) {
      leaves = sendAcknowledgement();
    }
    if (receiver.hasReport() && receiver.isAcknowledgementDue()) {
      // RFC 2018 §4: with the blocks there are; a full segment of text would have no room for them.
      sendAcknowledgement();
    }
    if (receiver.duplicatesOwed() > 0 && receiver.isAcknowledgementPending()) {
      // The first one tells something new and is no duplicate.
      sendAcknowledgement();
    }
    while (receiver.duplicatesOwed() > 0 && sendAcknowledgement()) {
      receiver.duplicateSent();
    }
  }

  private void acknowledge(long now) {
    Receiver receiver = connection.receiver();
    if (receiver.isAcknowledgementDue()) {
      sendAcknowledgement();
    } else if (receiver.isAcknowledgementPending()) {
      ConnectionTimers timers = connection.timers();
      if (!timers.isArmed(ConnectionTimers.DELAYED_ACK)) {
        long delay = connection.pcbs().description().delayedAckNanos();
        timers.arm(ConnectionTimers.DELAYED_ACK, now + delay);
      }
    }
  }

  private boolean sendAcknowledgement() {
    return connection.pcbs().writer().send(connection, connection.sender().next(), 0, TcpFlags.ACK);
  }
}
