package org.penstock.core.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.api.congestion.CongestionControl;

/**
 * The congestion controls of a stack: which there are, and which of them connections use. A
 * connection follows the stack's choice unless it has one of its own ({@link
 * TcpSettings#withCongestion}). A choice is a name: where none of that name is there, the built-in
 * one stands in until it comes. When a connection goes from one algorithm to another its window and
 * slow start threshold stay; what the former one remembered is forgotten.
 *
 * <p>All methods may be called from any thread; at any level, unless said otherwise.
 */
@ProviderType
public interface CongestionControls {

  /** The name of the one that is built in and can't be removed. */
  String BUILT_IN = "newreno";

  /**
   * Adds an algorithm.
   *
   * @throws IllegalArgumentException if it wants more words than a PCB has, or its name is taken
   */
  void add(CongestionControl control);

  /** Removes an algorithm. When this returns no connection begins with it any more. */
  void remove(CongestionControl control);

  /** The names of those that are there, the built-in one first. */
  List<String> names();

  /** The name of the one that the stack uses. */
  String current();

  /**
   * Has the stack use an algorithm: for new connections, and for those that follow it from their
   * next acknowledgement on.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  void use(String name);

  /**
   * Has one connection use an algorithm from now on, whatever the stack uses. Passive level.
   *
   * @param name its name, or an empty one to follow the stack again
   * @return false if there is no such connection
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  boolean use(String name, TransportAddress local, TransportAddress remote);
}
