package org.penstock.service.iperf3.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.service.iperf3.Iperf3Interval;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** A test as its client sees it. Its own thread says and waits; the streams run on events. */
public final class ClientTest {

  private static final long SECOND = 1_000_000_000L;
  private static final double MILLIS = 1000;
  private static final String COOKIE_CHARACTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int GREETINGS = 10;
  private static final Duration GREETING_PATIENCE = Duration.ofSeconds(1);

  private final Client client;
  private final StackRuntime runtime;
  private final TransportAddress server;
  private final Iperf3Settings settings;
  private final long everyNanos;
  private final Consumer<List<Iperf3Interval>> told;
  private final List<Iperf3Interval> intervals = new ArrayList<>();
  private final List<Meter.Reading> before = new ArrayList<>();
  private volatile boolean spent;

  /** A test to be run. */
  public ClientTest(
      Client client,
      TransportAddress server,
      Iperf3Settings settings,
      Duration every,
      Consumer<List<Iperf3Interval>> told) {
    this.client = client;
    this.runtime = client.runtime();
    this.server = server;
    this.settings = settings;
    this.everyNanos = Math.max(SECOND / 100, every.toNanos());
    this.told = told;
  }

  /** Runs it. */
  public Iperf3Report run() throws Iperf3Exception {
    IpAddress any = server.address().isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6;
    TransportAddress local = new TransportAddress(any, 0);
    try (AddressFile file = client.openAddress(Protocol.TCP, local);
        ConnectionEndpoint endpoint = client.openEndpoint(file, null)) {
      endpoint.connect(server, ClientControl.PATIENCE);
      Iperf3Report report = converse(new ClientControl(endpoint, runtime), local);
      release(endpoint);
      return report;
    } catch (TransportException e) {
      throw new Iperf3Exception(String.valueOf(e.getMessage()), e);
    }
  }

  private static void release(ConnectionEndpoint control) {
    try {
      control.disconnect(Disconnect.RELEASE, ClientControl.PATIENCE);
    } catch (TransportException e) {
      // The report is complete; how the server ends the conversation is its own affair.
    }
  }

  private Iperf3Report converse(ClientControl control, TransportAddress local)
      throws Iperf3Exception, TransportException {
    byte[] cookie = cookie(runtime.random());
    control.say(cookie);
    control.await(ControlState.PARAM_EXCHANGE);
    control.say(ControlInput.frame(Exchange.parameters(settings)));
    control.await(ControlState.CREATE_STREAMS);
    TestRun run =
        new TestRun(
            client,
            settings,
            false,
            settings.bytes(),
            () -> {
              spent = true;
              control.wake();
            });
    try {
      for (int i = 0; i < settings.streams(); i++) {
        // The other end takes those that come first for its receivers.
        boolean sends =
            settings.direction() == Direction.FORWARD
                || (settings.direction() == Direction.BIDIRECTIONAL && i < settings.parallel());
        run.add(settings.udp() ? datagrams(run, local) : connection(run, local, cookie), sends);
      }
      control.await(ControlState.TEST_START);
      control.await(ControlState.TEST_RUNNING);
      carry(control, run);
      // Before the server, once it knows, ends the connections.
      run.countRetransmits();
      control.say((byte) ControlState.TEST_END);
      control.await(ControlState.EXCHANGE_RESULTS);
      Exchange.Results ours = run.results();
      control.say(ControlInput.frame(Exchange.results(ours)));
      Exchange.Results theirs = Exchange.results(control.awaitJson());
      control.await(ControlState.DISPLAY_RESULTS);
      control.say((byte) ControlState.IPERF_DONE);
      return Reports.of(run, ours, theirs, intervals);
    } finally {
      run.close();
    }
  }

  private static byte[] cookie(RandomSource random) {
    byte[] cookie = new byte[ControlInput.COOKIE];
    for (int i = 0; i < cookie.length - 1; i++) {
      cookie[i] = (byte) COOKIE_CHARACTERS.charAt(random.nextInt(COOKIE_CHARACTERS.length()));
    }
    return cookie;
  }

  private DataStream connection(TestRun run, TransportAddress local, byte[] cookie)
      throws TransportException {
    AddressFile file =
        client.openAddress(
            Protocol.TCP, local, AddressOptions.DEFAULT.withSettings(TcpStream.settings(settings)));
    try {
      ConnectionEndpoint endpoint = client.openEndpoint(file, null);
      TcpStream stream =
          new TcpStream(
              run,
              endpoint,
              () -> {
                endpoint.close();
                file.close();
              });
      file.onReceive((each, data) -> stream.received(data));
      endpoint.connect(server, ClientControl.PATIENCE);
      endpoint.send(ByteBuffer.wrap(cookie), ClientControl.PATIENCE);
      return stream;
    } catch (TransportException e) {
      // With its last handle an address ends what is left of it.
      file.close();
      throw e;
    }
  }

  private DataStream datagrams(TestRun run, TransportAddress local)
      throws TransportException, Iperf3Exception {
    AddressFile file = client.openAddress(Protocol.UDP, local, UdpStream.OPTIONS);
    ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES);
    for (int i = 0; i < GREETINGS; i++) {
      file.sendDatagram(server, UdpStream.greeting(UdpStream.HELLO).asByteBuffer());
      try {
        file.receiveDatagram(answer.clear(), GREETING_PATIENCE);
        UdpStream stream = new UdpStream(run, file, server, file::close);
        file.onReceiveDatagram((each, datagram) -> stream.received(datagram));
        return stream;
      } catch (TransportException e) {
        if (e.status() != Status.IO_TIMEOUT) {
          file.close();
          throw e;
        }
      }
    }
    file.close();
    throw new Iperf3Exception("the server does not answer datagrams at " + server);
  }

  /** The load runs. */
  private void carry(ClientControl control, TestRun run) throws Iperf3Exception {
    run.streams().forEach(stream -> before.add(Meter.Reading.ZERO));
    run.begin();
    long start = run.startNanos();
    long omission = settings.omitSeconds() * SECOND;
    long end =
        settings.bytes() > 0 ? Long.MAX_VALUE : start + omission + settings.seconds() * SECOND;
    long from = start;
    long tick = start + everyNanos;
    while (true) {
      long now = runtime.nanoTime();
      boolean over = now - end >= 0 || spent || hasEnough(run);
      if (over) {
        run.end();
      }
      if (over || now - tick >= 0) {
        long until = over ? now : tick;
        tell(run, from - start, until - start, omission);
        from = until;
        tick = until + everyNanos;
      }
      if (over) {
        return;
      }
      if (control.state() != ControlInput.NO_STATE) {
        throw new Iperf3Exception("the server interrupts the test");
      }
      // A receiver's bytes wake nobody.
      boolean looks = settings.bytes() > 0 && settings.direction() != Direction.FORWARD;
      control.sleep(Math.min(Math.min(end, tick), looks ? now + SECOND / 100 : Long.MAX_VALUE));
    }
  }

  private boolean hasEnough(TestRun run) {
    if (settings.bytes() == 0) {
      return false;
    }
    long received = 0;
    for (DataStream stream : run.streams()) {
      received += stream.isSending() ? 0 : stream.meter().counted().bytes();
    }
    return received >= settings.bytes();
  }

  private void tell(TestRun run, long fromNanos, long untilNanos, long omission) {
    boolean omitted = untilNanos <= omission;
    double shift = omitted ? 0 : (double) omission / SECOND;
    List<Iperf3Interval> part = new ArrayList<>();
    for (int i = 0; i < run.streams().size(); i++) {
      DataStream stream = run.streams().get(i);
      Meter.Reading now = stream.meter().all();
      Meter.Reading change = now.since(before.get(i));
      before.set(i, now);
      part.add(
          new Iperf3Interval(
              stream.id(),
              stream.isSending(),
              Math.max(0, (double) fromNanos / SECOND - shift),
              (double) untilNanos / SECOND - shift,
              change.bytes(),
              change.packets(),
              change.lost(),
              change.jitterSeconds() * MILLIS,
              omitted));
    }
    intervals.addAll(part);
    told.accept(List.copyOf(part));
  }
}
