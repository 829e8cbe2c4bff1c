package org.penstock.core.internal.tcp;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpUser;

/** A user that writes down what it is told. */
class RecordingUser implements TcpUser {

  final List<String> told = new ArrayList<>();
  final List<TcpFailure> troubles = new ArrayList<>();
  final ByteArrayOutputStream read = new ByteArrayOutputStream();
  long acknowledged;
  boolean reading = true;
  @Nullable TcpConnection connection;

  /** What else is done when it is told something. */
  BiConsumer<String, TcpConnection> reaction = (what, of) -> {};

  private void tell(String what, TcpConnection of) {
    told.add(what);
    reaction.accept(what, of);
  }

  @Override
  public void connected(TcpConnection of) {
    tell("connected", of);
  }

  @Override
  public void received(TcpConnection of) {
    tell("received", of);
    if (reading) {
      readAll(of);
    }
  }

  final void readAll(TcpConnection of) {
    byte[] bytes = new byte[(int) of.available()];
    int count = of.receive(MemorySegment.ofArray(bytes), 0, bytes.length);
    read.write(bytes, 0, count);
  }

  @Override
  public void urgent(TcpConnection of) {
    tell("urgent " + of.urgent(), of);
  }

  @Override
  public void troubled(TcpConnection of, TcpFailure why) {
    troubles.add(why);
    reaction.accept("troubled " + why, of);
  }

  @Override
  public void acknowledged(TcpConnection of, long bytes) {
    acknowledged += bytes;
    reaction.accept("acknowledged", of);
  }

  @Override
  public void released(TcpConnection of) {
    tell("released", of);
  }

  @Override
  public void releaseAcknowledged(TcpConnection of) {
    tell("releaseAcknowledged", of);
  }

  @Override
  public void closed(TcpConnection of) {
    tell("closed", of);
  }

  @Override
  public void failed(TcpConnection of, TcpFailure failure) {
    tell("failed " + failure, of);
  }

  String text() {
    return read.toString(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
