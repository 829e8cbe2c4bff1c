package org.penstock.shell.internal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;

/** Fetches a URL over a stack (RFC 9112). Blocks: at passive level. */
public final class HttpGet {

  private final Client client;
  private final Duration timeout;

  /**
   * A fetcher.
   *
   * @param timeout of connecting and of each wait for data
   */
  public HttpGet(Client client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /**
   * Fetches a URL; other statuses than 200 are results as well.
   *
   * @param body gets the response's body, null for nobody
   * @param hash true to calculate the body's SHA-256
   * @throws IOException if there is no whole answer; the message says why
   */
  public Download fetch(HttpUrl url, @Nullable WritableByteChannel body, boolean hash)
      throws IOException {
    IpAddress any = url.address().address().isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6;
    try (AddressFile file = client.openAddress(Protocol.TCP, new TransportAddress(any, 0));
        ConnectionEndpoint endpoint = client.openEndpoint(file, null)) {
      return fetch(endpoint, url, body, hash ? sha256() : null);
    }
  }

  private Download fetch(
      ConnectionEndpoint endpoint,
      HttpUrl url,
      @Nullable WritableByteChannel body,
      @Nullable MessageDigest digest)
      throws IOException {
    StackRuntime runtime = client.runtime();
    long started = runtime.nanoTime();
    endpoint.connect(url.address(), timeout);
    long connected = runtime.nanoTime();
    endpoint.send(ByteBuffer.wrap(request(url)), timeout);
    ResponseReader reader = new ResponseReader(buffer -> endpoint.receive(buffer, timeout));
    ResponseHead head = reader.head();
    long answered = runtime.nanoTime();
    long bytes = reader.body(head, part -> take(part, body, digest));
    long ended = runtime.nanoTime();
    endpoint.disconnect(Disconnect.RELEASE, timeout);
    return new Download(
        head.status(),
        head.reason(),
        head.field("Content-Type"),
        bytes,
        connected - started,
        answered - connected,
        ended - answered,
        digest == null ? null : HexFormat.of().formatHex(digest.digest()));
  }

  private static byte[] request(HttpUrl url) {
    String text =
        "GET "
            + url.target()
            + " HTTP/1.1\r\nHost: "
            + url.authority()
            + "\r\nUser-Agent: Penstock\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void take(
      ByteBuffer part, @Nullable WritableByteChannel body, @Nullable MessageDigest digest)
      throws IOException {
    if (digest != null) {
      digest.update(part.duplicate());
    }
    while (body != null && part.hasRemaining()) {
      body.write(part);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
