package org.penstock.service;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.DatagramIndication;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.TransportException;

/**
 * Answers datagrams one by one, on the transport's events. As many answers as there are reply
 * buffers can be on their way; what arrives meanwhile is lost, as datagrams may be.
 *
 * <p>Two services that answer each other's answers would never stop, so a datagram from a
 * well-known port (below 1024), or to a broadcast or multicast address, is not answered.
 *
 * <p>All methods may be called from any thread.
 */
public final class UdpServer implements AutoCloseable {

  /** Longest payload of a datagram over IPv4: 65535 less the headers. */
  public static final int LONGEST = 65_507;

  /** A {@link Responder}'s result for no answer. */
  public static final int NO_ANSWER = -1;

  private static final int BUFFERS = 16;
  private static final int WELL_KNOWN = 1024;

  /** Makes answers. */
  @FunctionalInterface
  public interface Responder {
    /**
     * Answers one datagram. At dispatch level; must not block.
     *
     * @param answer where the answer goes, from offset 0
     * @return bytes of the answer, or {@link #NO_ANSWER}
     */
    int respond(DatagramIndication datagram, MemorySegment answer);
  }

  private final AddressFile file;
  private final Responder responder;
  private final ArrayBlockingQueue<Reply> free;
  private final LongAdder unanswered = new LongAdder();

  private UdpServer(AddressFile file, int longest, Responder responder) {
    this.file = file;
    this.responder = responder;
    this.free = new ArrayBlockingQueue<>(BUFFERS);
    for (int i = 0; i < BUFFERS; i++) {
      free.add(new Reply(longest));
    }
  }

  /**
   * Starts a server.
   *
   * @param local where it listens; port 0 draws one
   * @param longest bytes of the longest answer
   * @throws TransportException if the address can't be opened
   */
  public static UdpServer start(
      Client client, TransportAddress local, int longest, Responder responder)
      throws TransportException {
    AddressFile file = client.openAddress(Protocol.UDP, local);
    UdpServer server = new UdpServer(file, longest, responder);
    try {
      file.onReceiveDatagram((from, datagram) -> server.received(datagram));
    } catch (TransportException e) {
      file.close();
      throw e;
    }
    return server;
  }

  /** Where it listens. */
  public TransportAddress local() {
    return file.local();
  }

  /** Datagrams that were not answered since they might have come from another such service. */
  public long unanswered() {
    return unanswered.sum();
  }

  /** Stops listening. */
  @Override
  public void close() {
    file.close();
  }

  private void received(DatagramIndication datagram) {
    if (!mayAnswer(datagram)) {
      unanswered.increment();
      return;
    }
    Reply reply = free.poll();
    if (reply != null) {
      reply.send(datagram);
    }
  }

  private static boolean mayAnswer(DatagramIndication datagram) {
    IpAddress local = datagram.local().address();
    return datagram.remote().port() >= WELL_KNOWN
        && !local.isMulticast()
        && !local.isLimitedBroadcast();
  }

  private final class Reply {
    private final MemorySegment buffer;
    private final Request request = Request.of((ended, status, count) -> free.add(this));

    Reply(int longest) {
      buffer = MemorySegment.ofArray(new byte[longest]);
    }

    void send(DatagramIndication datagram) {
      int length = responder.respond(datagram, buffer);
      if (length == NO_ANSWER) {
        free.add(this);
      } else {
        file.sendDatagram(request, datagram.remote(), buffer, 0, length);
      }
    }
  }
}
