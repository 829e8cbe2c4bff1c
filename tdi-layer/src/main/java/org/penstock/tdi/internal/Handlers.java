package org.penstock.tdi.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.tdi.ConnectHandler;
import org.penstock.tdi.DatagramHandler;
import org.penstock.tdi.DisconnectHandler;
import org.penstock.tdi.ErrorHandler;
import org.penstock.tdi.ReceiveHandler;
import org.penstock.tdi.SendPossibleHandler;
import org.penstock.tdi.TroubleHandler;

/** The event handlers of an address file at one moment; replaced as a whole. */
record Handlers(
    @Nullable ConnectHandler connect,
    @Nullable DisconnectHandler disconnect,
    @Nullable TroubleHandler trouble,
    @Nullable ReceiveHandler receive,
    @Nullable SendPossibleHandler sendPossible,
    @Nullable DatagramHandler datagram,
    @Nullable ErrorHandler error) {

  static final Handlers NONE = new Handlers(null, null, null, null, null, null, null);

  Handlers withConnect(@Nullable ConnectHandler handler) {
    return new Handlers(handler, disconnect, trouble, receive, sendPossible, datagram, error);
  }

  Handlers withDisconnect(@Nullable DisconnectHandler handler) {
    return new Handlers(connect, handler, trouble, receive, sendPossible, datagram, error);
  }

  Handlers withTrouble(@Nullable TroubleHandler handler) {
    return new Handlers(connect, disconnect, handler, receive, sendPossible, datagram, error);
  }

  Handlers withReceive(@Nullable ReceiveHandler handler) {
    return new Handlers(connect, disconnect, trouble, handler, sendPossible, datagram, error);
  }

  Handlers withSendPossible(@Nullable SendPossibleHandler handler) {
    return new Handlers(connect, disconnect, trouble, receive, handler, datagram, error);
  }

  Handlers withDatagram(@Nullable DatagramHandler handler) {
    return new Handlers(connect, disconnect, trouble, receive, sendPossible, handler, error);
  }

  Handlers withError(@Nullable ErrorHandler handler) {
    return new Handlers(connect, disconnect, trouble, receive, sendPossible, datagram, handler);
  }

  /** The events that have a handler, by name, for people. */
  String names() {
    StringBuilder names = new StringBuilder();
    append(names, connect, "connect");
    append(names, disconnect, "disconnect");
    append(names, trouble, "trouble");
    append(names, receive, "receive");
    append(names, sendPossible, "send-possible");
    append(names, datagram, "receive-datagram");
    append(names, error, "error");
    return names.toString();
  }

  private static void append(StringBuilder names, @Nullable Object handler, String name) {
    if (handler != null) {
      names.append(names.isEmpty() ? "" : " ").append(name);
    }
  }
}
