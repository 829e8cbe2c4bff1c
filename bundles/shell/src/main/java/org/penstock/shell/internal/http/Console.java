package org.penstock.shell.internal.http;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A console as a channel; closing it leaves the console open. */
public final class Console implements WritableByteChannel {

  private final PrintStream stream;
  private boolean open = true;

  /** Writes to this stream. */
  public Console(PrintStream stream) {
    this.stream = stream;
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    byte[] bytes = new byte[length];
    source.get(bytes);
    stream.write(bytes, 0, length);
    return length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    stream.flush();
    open = false;
  }
}
