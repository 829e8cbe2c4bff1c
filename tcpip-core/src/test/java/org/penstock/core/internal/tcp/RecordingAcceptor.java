package org.penstock.core.internal.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.core.api.TcpAcceptor;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpListener;

/** An acceptor that gives each connection a {@link RecordingUser}. */
class RecordingAcceptor implements TcpAcceptor {

  final List<Connection> connections = new ArrayList<>();
  final List<RecordingUser> users = new ArrayList<>();
  @Nullable TcpListener listener;
  boolean accepting = true;
  Consumer<TcpConnection> reaction = of -> {};

  @Override
  public void established(TcpConnection connection) {
    connections.add((Connection) connection);
    RecordingUser user = new RecordingUser();
    user.connection = connection;
    users.add(user);
    connection.user(user);
    reaction.accept(connection);
    if (accepting) {
      listener.accepted();
    }
  }
}
