package org.penstock.tdi.internal;

import java.util.List;
import org.penstock.api.view.StackView;
import org.penstock.core.api.Stack;
import org.penstock.tdi.AddressInfo;
import org.penstock.tdi.ConnectionInfo;
import org.penstock.tdi.ControlChannel;
import org.penstock.tdi.ProviderInfo;

/** A control channel: it has no state of its own. */
final class StackControl implements ControlChannel {

  private static final String VERSION = "0.1.0";
  private static final int MAX_DATAGRAM = 65_507;

  private final StackTransport transport;
  private final Stack stack;

  StackControl(StackTransport transport, Stack stack) {
    this.transport = transport;
    this.stack = stack;
  }

  @Override
  public ProviderInfo providerInfo() {
    return new ProviderInfo(
        VERSION,
        stack.name(),
        MAX_DATAGRAM,
        Long.MAX_VALUE,
        transport.addressFiles().size(),
        transport.endpoints().size(),
        transport.clientCount());
  }

  @Override
  public StackView stack() {
    return stack.view();
  }

  @Override
  public List<AddressInfo> addressFiles() {
    return transport.addressFiles();
  }

  @Override
  public List<ConnectionInfo> endpoints() {
    return transport.endpoints();
  }

  @Override
  public void close() {
    // Nothing was opened for it.
  }
}
