package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.SynCookies;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * What a segment does that belongs to no connection: LISTEN (RFC 9293 §3.10.7.2), or CLOSED
 * (§3.10.7.1). Owned by the cell.
 *
 * <p>A listener has two budgets, each of its backlog: handshakes under way, and connections that
 * wait to be accepted. A SYN is dropped while too many wait: nothing would come of it. While too
 * many handshakes are under way, it is answered by a cookie. None of this is ever answered by a
 * reset, from which the peer would learn that nobody listens.
 */
final class PassiveOpen {

  private final TcpCell pcbs;
  private final TcpShared shared;
  private final SegmentArrives arrives;
  private final CookieJar cookies;

  PassiveOpen(TcpCell pcbs, TcpShared shared, SegmentArrives arrives) {
    this.pcbs = pcbs;
    this.shared = shared;
    this.arrives = arrives;
    this.cookies = new CookieJar(shared.cookieHash());
  }

  /** Who listens where a segment goes. */
  @Nullable Listener listenerFor(Segment segment) {
    return shared.listeners().find(segment.localHigh(), segment.localLow(), segment.localPort());
  }

  /**
   * A segment of no connection has arrived.
   *
   * @param former the TIME-WAIT that it opens anew, null if there is none
   */
  void arrives(Segment segment, @Nullable TimeWait former) {
    Listener listener = pcbs.isStopping() ? null : listenerFor(segment);
    if (listener == null) {
      pcbs.drop(DropReason.NO_TCP_CONNECTION);
      pcbs.writer().refuse(segment);
    } else if (segment.has(TcpFlags.RST)) {
      // First: nothing that was sent from here can be meant.
      pcbs.drop(DropReason.NO_TCP_CONNECTION);
    } else if (segment.has(TcpFlags.ACK)) {
      acknowledgment(listener, segment);
    } else if (segment.has(TcpFlags.SYN)) {
      syn(listener, segment, former);
    } else {
      // Fourth: nothing else is likely to arrive.
      pcbs.drop(DropReason.NO_TCP_CONNECTION);
    }
  }

  /** Third: a SYN. */
  private void syn(Listener listener, Segment segment, @Nullable TimeWait former) {
    SynCookies when = pcbs.description().synCookies();
    if (listener.isQueueFull()) {
      overflow();
    } else if (when != SynCookies.ALWAYS && listener.beginHandshake()) {
      open(listener, segment, former);
    } else if (when != SynCookies.OFF && former == null) {
      answerByCookie(listener, segment);
    } else {
      // A TIME-WAIT must not give way to a peer that may not exist.
      overflow();
    }
  }

  private void overflow() {
    pcbs.count(Counter.TCP_LISTEN_OVERFLOWS);
    pcbs.drop(DropReason.TCP_BACKLOG_FULL);
  }

  private void open(Listener listener, Segment segment, @Nullable TimeWait former) {
    Connection connection = connection(listener, segment);
    int iss = shared.initialSequence(connection, pcbs.now());
    if (former != null) {
      pcbs.end(former);
      if (SequenceNumber.lessOrEqual(iss, former.sendNext())) {
        // RFC 1122 §4.2.2.13 (1): beyond all that the connection before has used.
        iss = former.sendNext() + 0x1_0000;
      }
    }
    begin(connection, iss);
    arrives.synInListen(connection, segment);
  }

  private Connection connection(Listener listener, Segment segment) {
    TransportAddress local =
        new TransportAddress(
            IpAddress.of(segment.localHigh(), segment.localLow(), 0), segment.localPort());
    TransportAddress remote =
        new TransportAddress(
            IpAddress.of(segment.remoteHigh(), segment.remoteLow(), 0), segment.remotePort());
    return new Connection(pcbs, local, remote, listener.settings(), listener);
  }

  private void begin(Connection connection, int iss) {
    pcbs.add(connection);
    pcbs.count(Counter.TCP_PASSIVE_OPENS);
    pcbs.begin(connection, iss);
  }

  // ---- cookies ----

  private void answerByCookie(Listener listener, Segment segment) {
    TcpOptions offered = segment.options();
    NegotiatedOptions options =
        new NegotiatedOptions(pcbs.description().sack(), pcbs.description().timestamps());
    options.negotiate(offered);
    Ecn ecn = new Ecn(pcbs.description().ecn());
    if (options.hasTimestamps()) {
      ecn.synReceived(segment);
    } else {
      // There is nothing they could ride in.
      options.restore(false, false, false);
    }
    int size = offered.maximumSegmentSize();
    if (!offered.hasMaximumSegmentSize()) {
      size = segment.isIpv4() ? TcpLimits.DEFAULT_SEGMENT_IPV4 : TcpLimits.DEFAULT_SEGMENT_IPV6;
    }
    int cookie = cookies.make(segment, size, pcbs.now());
    // The clock of the connection that is not there yet.
    int clock = new Timestamps(shared.timestampOffset(segment)).value(pcbs.now());
    ReceiveSizing sizing = pcbs.newSizing(listener.settings());
    IpSettings ip = listener.settings().ip();
    int scale = offered.windowScale();
    if (pcbs.writer().sendCookie(segment, cookie, options, scale, ecn, clock, sizing, ip)) {
      pcbs.count(Counter.TCP_COOKIES_SENT);
    }
  }

  /** Second: an acknowledgement is bad in LISTEN, unless it brings a cookie back. */
  private void acknowledgment(Listener listener, Segment segment) {
    boolean expected = cookies.isExpected(pcbs.description().synCookies(), pcbs.now());
    int size =
        expected && !segment.has(TcpFlags.SYN)
            ? cookies.open(segment, pcbs.now())
            : CookieJar.FORGED;
    if (size == CookieJar.FORGED) {
      if (expected) {
        pcbs.count(Counter.TCP_COOKIES_REJECTED);
      }
      pcbs.drop(DropReason.NO_TCP_CONNECTION);
      pcbs.writer().refuse(segment);
    } else if (listener.isQueueFull()) {
      // The peer believes itself connected; what it sends is lost until there is room.
      overflow();
    } else {
      pcbs.count(Counter.TCP_COOKIES_ACCEPTED);
      listener.resumeHandshake();
      resume(connection(listener, segment), segment, size);
    }
  }

  /** Goes on as if the handshake had been remembered. */
  private void resume(Connection connection, Segment segment, int size) {
    TcpOptions options = segment.options();
    begin(connection, segment.acknowledgment() - 1);
    connection
        .options()
        .restore(CookieJar.hasScale(options), CookieJar.hasSack(options), options.hasTimestamps());
    if (CookieJar.hasEcn(options)) {
      connection.ecn().restore();
    }
    int scale = CookieJar.hasScale(options) ? CookieJar.scale(options) : 0;
    arrives.synInCookie(connection, segment, size, scale);
  }
}
