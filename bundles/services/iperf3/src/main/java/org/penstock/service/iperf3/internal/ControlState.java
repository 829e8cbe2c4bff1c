package org.penstock.service.iperf3.internal;

/** The octets that the two ends say to each other over the control connection, by value. */
final class ControlState {

  /** The streams are there; get ready. Server to client. */
  static final int TEST_START = 1;

  /** Send now. Server to client. */
  static final int TEST_RUNNING = 2;

  /** It is over. Client to server. */
  static final int TEST_END = 4;

  /** Tell me what you want. Server to client, then the settings follow. */
  static final int PARAM_EXCHANGE = 9;

  /** Open the streams. Server to client. */
  static final int CREATE_STREAMS = 10;

  /** The server gives up. */
  static final int SERVER_TERMINATE = 11;

  /** The client gives up. */
  static final int CLIENT_TERMINATE = 12;

  /** Now the results: the client's, then the server's. Server to client. */
  static final int EXCHANGE_RESULTS = 13;

  /** The results are complete. Server to client. */
  static final int DISPLAY_RESULTS = 14;

  /** Good-bye. Client to server. */
  static final int IPERF_DONE = 16;

  /** Another test is running. Server to client. */
  static final int ACCESS_DENIED = -1;

  /** The server can't: two numbers of 32 bits follow, iperf3's error and the system's. */
  static final int SERVER_ERROR = -2;

  private ControlState() {}

  /** The state in words, for messages. */
  static String describe(int state) {
    return switch (state) {
      case ACCESS_DENIED -> "the server is busy with another test";
      case SERVER_ERROR -> "the server reports an error";
      case SERVER_TERMINATE -> "the server has ended the test";
      case CLIENT_TERMINATE -> "the client has ended the test";
      default -> "state " + state;
    };
  }
}
