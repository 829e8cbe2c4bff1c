package org.penstock.tdi.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.ConnectHandler;
import org.penstock.tdi.ConnectOffer;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Request;
import org.penstock.tdi.TransportException;

/**
 * An established connection on its way from its own cell to the listener's, and from there perhaps
 * to a connect handler, to whom it is the offer.
 */
final class Arrival extends Message implements ConnectOffer {

  private final Listener listener;
  private final Flow flow;
  private boolean open;
  private @Nullable Operation accepted;
  private @Nullable Endpoint acceptedBy;

  Arrival(Listener listener, Flow flow) {
    this.listener = listener;
    this.flow = flow;
  }

  Flow flow() {
    return flow;
  }

  @Override
  void arrive() {
    listener.arrived(this);
  }

  @Override
  void deliver() {
    AddressHandle file = listener.address().connectHandler();
    if (file == null || listener.isClosing() || !file.calls().enter()) {
      // Nobody is asked any more: back to where it waits for a listen, or is refused.
      listener.submit(this);
      return;
    }
    open = true;
    try {
      ConnectHandler handler = file.handlers().connect();
      if (handler != null) {
        handler.connecting(this);
      }
    } catch (TransportException e) {
      // The handler has got no endpoint: the stack counts and logs it, the connection is refused.
      throw new IllegalStateException("connection from " + flow.remote() + " refused", e);
    } finally {
      open = false;
      file.calls().exit();
      answer();
    }
  }

  private void answer() {
    Operation operation = accepted;
    Endpoint endpoint = acceptedBy;
    if (operation == null || endpoint == null) {
      listener.refuse(flow);
    } else {
      operation.submit(endpoint);
    }
  }

  @Override
  public TransportAddress local() {
    return flow.local();
  }

  @Override
  public TransportAddress remote() {
    return flow.remote();
  }

  @Override
  public void accept(ConnectionEndpoint endpoint) {
    accept(endpoint, new Operation(null));
  }

  @Override
  public void accept(ConnectionEndpoint endpoint, Request request) {
    requireOpen();
    Endpoint by = EndpointHandle.endpoint(endpoint);
    Operation operation = EndpointHandle.operation(request);
    operation.issue(RequestKind.TAKE);
    operation.flow = flow;
    accepted = operation;
    acceptedBy = by;
  }

  @Override
  public void refuse() {
    requireOpen();
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("a connect offer is valid until its handler returns");
    }
    if (accepted != null) {
      throw new IllegalStateException("the connection was accepted already");
    }
  }
}
