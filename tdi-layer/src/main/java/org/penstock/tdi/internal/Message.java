package org.penstock.tdi.internal;

import org.penstock.api.sync.MpscQueue;

/**
 * What goes into an object's cell and what comes out of it again: a request on its way in, its
 * completion on its way out, an event. In at most one queue at a time.
 */
abstract class Message extends MpscQueue.Node<Message> {

  /** Handles what was submitted; inside the home cell of the object it was submitted to. */
  abstract void arrive();

  /** Tells the client; at dispatch level, one at a time for each object. */
  abstract void deliver();
}
