package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.tdi.DatagramHandler;
import org.penstock.tdi.DatagramIndication;
import org.penstock.tdi.Request;

/**
 * A datagram that was copied out of its landing: it waits for a receive, or is shown to a handler.
 * Used again and again by its port.
 */
final class Datagram extends Message implements DatagramIndication {

  private static final int SMALL = 2048;

  private final DatagramPort port;
  private final MemorySegment memory;
  private TransportAddress remote = TransportAddress.ANY_IPV4;
  private TransportAddress local = TransportAddress.ANY_IPV4;
  private int dscp;
  private int length;
  private boolean showing;
  private @Nullable Operation receiver;

  Datagram(DatagramPort port, int capacity) {
    this.port = port;
    this.memory = MemorySegment.ofArray(new byte[Math.max(SMALL, capacity)]);
  }

  int capacity() {
    return (int) memory.byteSize();
  }

  void copy(TransportAddress sender, TransportAddress destination, int codepoint, Landing payload) {
    remote = sender;
    local = destination;
    dscp = codepoint;
    length = payload.length();
    MemorySegment.copy(payload.segment(), payload.offset(), memory, 0, length);
  }

  @Override
  void arrive() {
    port.enqueue(this);
  }

  @Override
  void deliver() {
    AddressHandle file = port.file();
    if (!file.calls().enter()) {
      port.recycle(this);
      return;
    }
    boolean shown = false;
    try {
      DatagramHandler handler = file.handlers().datagram();
      if (handler != null) {
        shown = true;
        showing = true;
        handler.received(file, this);
      }
    } finally {
      showing = false;
      file.calls().exit();
      if (shown) {
        answer();
      } else {
        port.submit(this);
      }
    }
  }

  private void answer() {
    Operation operation = receiver;
    receiver = null;
    try {
      if (operation != null && operation.begin()) {
        DatagramPort.fill(operation, memory, 0, length, remote);
        operation.deliver();
      }
    } finally {
      port.recycle(this);
    }
  }

  @Override
  public TransportAddress remote() {
    return remote;
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public int dscp() {
    return dscp;
  }

  @Override
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public long offset() {
    return 0;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void take(Request request, MemorySegment target, long offset, long bytes) {
    if (!showing || receiver != null) {
      throw new IllegalStateException("a datagram is given once, and before its handler returns");
    }
    Operation operation = EndpointHandle.operation(request);
    AddressHandle.prepareReceive(operation, target, offset, bytes);
    operation.assign(null);
    receiver = operation;
  }
}
