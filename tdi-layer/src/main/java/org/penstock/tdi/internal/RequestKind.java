package org.penstock.tdi.internal;

/** What an object can be asked for. Those up to {@link #CANCEL} are rows of the state table. */
public enum RequestKind {
  /** Associate an endpoint with an address file. */
  ASSOCIATE("associate"),
  /** End the association. */
  DISASSOCIATE("disassociate"),
  /** Connect. */
  CONNECT("connect"),
  /** Wait for a connection. */
  LISTEN("listen"),
  /** Accept an offered connection. */
  ACCEPT("accept"),
  /** Disconnect by a reset. */
  ABORT("disconnect, abort"),
  /** Disconnect in order. */
  RELEASE("disconnect, release"),
  /** Send. */
  SEND("send"),
  /** Receive. */
  RECEIVE("receive"),
  /** Query or set connection information. */
  CONNECTION_INFO("query/set connection info"),
  /** Query address information. */
  ADDRESS_INFO("query address info"),
  /** Cancel what is pending. */
  CANCEL("cancel the pending request"),
  /** Take a connection that a connect handler accepted. */
  TAKE("accept for a connect handler"),
  /** Send a datagram. */
  SEND_DATAGRAM("send datagram"),
  /** Receive a datagram. */
  RECEIVE_DATAGRAM("receive datagram"),
  /** Close the object. */
  CLOSE("close");

  private final String title;

  RequestKind(String title) {
    this.title = title;
  }

  /** Its name in the state table and in messages. */
  public String title() {
    return title;
  }
}
