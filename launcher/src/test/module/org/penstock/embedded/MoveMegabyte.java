package org.penstock.embedded;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Transport;

/**
 * Opens two stacks over a cable and moves a megabyte from one to the other; prints the hashes of
 * what was sent and of what was received. The argument names the concurrency strategy.
 */
public final class MoveMegabyte {

  private static final int MEGABYTE = 1_000_000;
  private static final Duration LONG = Duration.ofSeconds(50);

  private MoveMegabyte() {}

  public static void main(String[] args) throws Exception {
    Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("cable"));
    TransportAddress server = new TransportAddress(IpAddress.parse("192.0.2.2"), 7);
    TransportAddress any = new TransportAddress(IpAddress.parse("192.0.2.1"), 0);
    try (Stack a = stack("a", args[0], cable, 0, "192.0.2.1/24");
        Stack b = stack("b", args[0], cable, 1, "192.0.2.2/24");
        Transport transportOfA = Transport.of(a);
        Transport transportOfB = Transport.of(b);
        Client sender = transportOfA.client("sender");
        Client receiver = transportOfB.client("receiver");
        AddressFile to = receiver.openAddress(Protocol.TCP, server);
        AddressFile from = sender.openAddress(Protocol.TCP, any);
        ConnectionEndpoint in = receiver.openEndpoint(to, null);
        ConnectionEndpoint out = sender.openEndpoint(from, null)) {
      Thread receiving = Thread.ofPlatform().unstarted(() -> receive(in));
      // The address listens from here on; the thread begins when the endpoint has its connection.
      to.onConnect(offer ->
          offer.accept(in, Request.of((request, status, count) -> receiving.start())));
      send(out, server);
      receiving.join();
    }
  }

  private static Stack stack(String name, String strategy, Cable cable, int end, String prefix) {
    Stack stack = new StackBuilder(name).strategy(strategy).build();
    String refusal = stack.addSlot(SlotSettings.of("net0", prefix)).offer(cable.end(end), 0);
    if (refusal != null) {
      throw new IllegalStateException(refusal);
    }
    return stack;
  }

  private static void send(ConnectionEndpoint out, TransportAddress server) throws Exception {
    byte[] content = new byte[MEGABYTE];
    new Random(5).nextBytes(content);
    out.connect(server, LONG);
    out.send(ByteBuffer.wrap(content), LONG);
    out.disconnect(Disconnect.RELEASE, LONG);
    System.out.println("sent " + hash(MessageDigest.getInstance("SHA-256").digest(content)));
  }

  private static void receive(ConnectionEndpoint in) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
      int total = 0;
      for (int count = in.receive(buffer, LONG); count > 0; count = in.receive(buffer, LONG)) {
        total += count;
        digest.update(buffer.flip());
        buffer.clear();
      }
      System.out.println(total + " bytes received " + hash(digest.digest()));
      in.disconnect(Disconnect.RELEASE, LONG);
    } catch (Exception e) {
      e.printStackTrace();
    }
  }

  private static String hash(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
