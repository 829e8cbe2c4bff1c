package org.penstock.service;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.tdi.Client;

/**
 * Keeps the server of one configuration running while both a valid configuration and a client of
 * the stack it names are there. The engine of a service's component: it is told of configurations
 * and clients, and logs in one line what is wrong.
 *
 * <p>From any thread.
 */
public final class StackService {

  /** Service property of a client: the name of its stack. */
  public static final String STACK = "stack.name";

  private static final System.Logger LOG = System.getLogger("org.penstock.service");

  /** Starts a server. */
  @FunctionalInterface
  public interface Starter {
    /**
     * Starts a server.
     *
     * @param client of the stack that the settings name
     * @return what is closed when the service stops
     * @throws Exception if it can't run; the message says why
     */
    AutoCloseable start(Client client, ServiceSettings settings) throws Exception;
  }

  private final Starter starter;
  private final Map<Client, String> clients = new HashMap<>();
  private @Nullable ServiceSettings settings;
  private @Nullable AutoCloseable server;
  private @Nullable Client serving;

  /** A service that is not configured yet. */
  public StackService(Starter starter) {
    this.starter = starter;
  }

  /**
   * Takes a configuration; the server starts anew with it. A wrong one is logged, and the last good
   * one stays in force.
   *
   * @param check reads what the service needs of the settings, and complains by an {@link
   *     IllegalArgumentException}
   */
  public synchronized void configure(ServiceSettings changed, Runnable check) {
    try {
      changed.stack();
      check.run();
    } catch (IllegalArgumentException e) {
      String kept = settings == null ? "" : "; the configuration in force stays";
      LOG.log(System.Logger.Level.ERROR, e.getMessage() + kept);
      return;
    }
    stopServer();
    settings = changed;
    start();
  }

  /** The service is gone. */
  public synchronized void stop() {
    settings = null;
    stopServer();
  }

  /** A client has come; its properties name its stack. */
  public synchronized void bind(Client client, Map<String, ?> properties) {
    clients.put(client, String.valueOf(properties.get(STACK)));
    start();
  }

  /** A client goes; when this returns the server has let go of it. */
  public synchronized void unbind(Client client) {
    clients.remove(client);
    if (serving == client) {
      stopServer();
      start();
    }
  }

  private void start() {
    ServiceSettings wanted = settings;
    if (wanted == null || server != null) {
      return;
    }
    for (Map.Entry<Client, String> entry : clients.entrySet()) {
      if (entry.getValue().equals(wanted.stack())) {
        try {
          server = starter.start(entry.getKey(), wanted);
          serving = entry.getKey();
        } catch (Exception e) {
          LOG.log(System.Logger.Level.ERROR, wanted.pid() + ": did not start: " + e.getMessage());
        }
        return;
      }
    }
  }

  private void stopServer() {
    AutoCloseable running = server;
    server = null;
    serving = null;
    if (running != null) {
      try {
        running.close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.WARNING, "a service did not stop cleanly", e);
      }
    }
  }
}
