package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.netif.ReceivedFrame;

/** Checksums and segmentation left to the kernel, and by it to us, on a TCP connection to it. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(60)
class TapOffloadTest {
  private static final int MOST_SEGMENTS = 40; // within the window that Linux offers at first

  /** A TCP connection between a socket of the kernel and a peer made by hand behind the driver. */
  private static final class Connection implements AutoCloseable {
    final AttachedTap slot;
    final SocketChannel kernel;
    final RawTcp peer;

    Connection(NetworkNamespace net, TapNetif netif) throws Exception {
      slot = new AttachedTap(netif);
      net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
      net.run("ip", "link", "set", "tap0", "up");
      net.run("ip", "neigh", "add", "192.0.2.2", "lladdr", RawWire.OUR_MAC, "dev", "tap0");
      // A socket belongs to the namespace of the thread that opens it.
      kernel = NamespaceVisit.call(netif.settings().namespaceFile(), Connection::socket);
      var connected = CompletableFuture.supplyAsync(this::connect);
      byte[] syn = slot.receive(RawTcp::isSyn).octets();
      peer = new RawTcp(netif.mac(), syn);
      assertThat(slot.send(peer.synAck())).isEqualTo(1);
      assertThat(connected.get(20, TimeUnit.SECONDS)).isTrue();
    }

    private static SocketChannel socket() throws TapException {
      try {
        return SocketChannel.open(StandardProtocolFamily.INET);
      } catch (IOException e) {
        throw new TapException(e.toString());
      }
    }

    private boolean connect() {
      try {
        return kernel.connect(new InetSocketAddress("192.0.2.2", 9));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() throws Exception {
      kernel.close();
      slot.close();
    }
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(42).nextBytes(content);
    return content;
  }

  @Test
  void takesTheKernelsSuperFrames(NetworkNamespace net) throws Exception {
    try (TapNetif netif = TapNetif.open(tap0(net), cause -> {});
        var connection = new Connection(net, netif)) {
      byte[] content = content(200_000);
      var sending = CompletableFuture.runAsync(() -> write(connection.kernel, content));
      var received = new ByteArrayOutputStream();
      int superFrames = 0;
      while (received.size() < content.length) {
        ReceivedFrame frame = connection.slot.take(RawTcp::isTcp);
        assertThat(frame.checksum()).isEqualTo(ChecksumState.PARTIAL);
        if (frame.gsoType() != GsoType.NONE) {
          superFrames++;
          assertThat(frame.gsoType()).isEqualTo(GsoType.TCP_IPV4);
          assertThat(frame.gsoSize()).isEqualTo(RawTcp.MSS);
          assertThat(frame.headerLength()).isEqualTo(RawTcp.HEADERS);
          assertThat(frame.octets().length).isGreaterThan(RawTcp.HEADERS + RawTcp.MSS);
        }
        received.writeBytes(connection.peer.payload(frame.octets()));
        assertThat(connection.slot.send(connection.peer.ack())).isEqualTo(1);
      }
      sending.get(20, TimeUnit.SECONDS);
      assertThat(superFrames).isPositive();
      assertThat(received.toByteArray()).isEqualTo(content);
    }
  }

  @Test
  void getsWholeSegmentsWithChecksumsWithoutOffload(NetworkNamespace net) throws Exception {
    try (TapNetif netif = TapNetif.open(tap0(net).withOffload(false), cause -> {});
        var connection = new Connection(net, netif)) {
      byte[] content = content(20_000);
      var sending = CompletableFuture.runAsync(() -> write(connection.kernel, content));
      var received = new ByteArrayOutputStream();
      while (received.size() < content.length) {
        ReceivedFrame frame = connection.slot.take(RawTcp::isTcp);
        assertThat(frame.checksum()).isEqualTo(ChecksumState.UNVERIFIED);
        assertThat(frame.gsoType()).isEqualTo(GsoType.NONE);
        assertThat(frame.octets().length).isLessThanOrEqualTo(1514);
        assertThat(RawTcp.checksumIsRight(frame.octets())).isTrue();
        received.writeBytes(connection.peer.payload(frame.octets()));
        connection.slot.send(connection.peer.ack());
      }
      sending.get(20, TimeUnit.SECONDS);
      assertThat(received.toByteArray()).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, RawTcp.MSS, RawTcp.MSS + 1, MOST_SEGMENTS * RawTcp.MSS})
  void givesTheKernelFramesOfAnySize(int bytes, NetworkNamespace net) throws Exception {
    try (TapNetif netif = TapNetif.open(tap0(net), cause -> {});
        var connection = new Connection(net, netif)) {
      byte[] content = content(bytes);

      assertThat(connection.slot.send(connection.peer.data(content))).isEqualTo(1);

      ByteBuffer received = ByteBuffer.allocate(bytes);
      var reading = CompletableFuture.runAsync(() -> read(connection.kernel, received));
      reading.get(20, TimeUnit.SECONDS);
      assertThat(received.array()).isEqualTo(content);
      assertThat(netif.drops()).isZero();
    }
  }

  private static TapSettings tap0(NetworkNamespace net) {
    return TapSettings.of("tap0").withNetns(net.name());
  }

  private static void write(SocketChannel channel, byte[] content) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void read(SocketChannel channel, ByteBuffer target) {
    try {
      while (target.hasRemaining() && channel.read(target) >= 0) {
        // until it is full
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
