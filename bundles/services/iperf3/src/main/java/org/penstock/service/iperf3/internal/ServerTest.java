package org.penstock.service.iperf3.internal;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.DatagramIndication;
import org.penstock.tdi.Request;

/**
 * A test as its server sees it: what to say to each thing the client says. The events of its
 * connections, which may come from several threads at a time, are taken one after another.
 */
final class ServerTest {

  private static final System.Logger LOG = System.getLogger("org.penstock.service.iperf3");

  /** iperf3's number for settings that it did not get, and the system's for "invalid argument". */
  private static final int WRONG_SETTINGS = 114;

  private static final int INVALID_ARGUMENT = 22;

  /** How long a client may be silent before its test gives way to another. */
  private static final long SILENCE_NANOS = 30_000_000_000L;

  private enum Phase {
    SETTINGS,
    STREAMS,
    RUNNING,
    RESULTS,
    GOOD_BYE,
    OVER
  }

  private final Reception reception;
  private final Client client;
  private final Iperf3Session control;
  private final byte[] cookie;
  private final Serial events = new Serial();
  private final ControlInput input = new ControlInput();
  private final List<Iperf3Session> joined = new ArrayList<>();
  private final Map<TransportAddress, UdpStream> datagramStreams = new ConcurrentHashMap<>();
  private Phase phase = Phase.SETTINGS;
  private boolean outputWanted;
  private volatile @Nullable TestRun run;
  private @Nullable Iperf3Report report;
  private volatile long lastNanos;

  ServerTest(Reception reception, Client client, Iperf3Session control, byte[] cookie) {
    this.reception = reception;
    this.client = client;
    this.control = control;
    this.cookie = cookie;
    this.lastNanos = client.runtime().nanoTime();
  }

  byte[] cookie() {
    return cookie;
  }

  /** Begins the conversation. */
  void begin() {
    control.say((byte) ControlState.PARAM_EXCHANGE);
  }

  /** True if nothing has come for a while, so that its client is gone. */
  boolean isSilent() {
    long last = lastNanos;
    TestRun running = run;
    if (running != null) {
      for (DataStream stream : running.streams()) {
        last = Math.max(last, stream.meter().lastNanos());
      }
    }
    return client.runtime().nanoTime() - last > SILENCE_NANOS;
  }

  /** Something has come over the control connection. */
  void arrived(byte[] octets) {
    lastNanos = client.runtime().nanoTime();
    events.run(() -> {
      input.feed(octets);
      advance();
    });
  }

  /** A connection has come that is to carry a stream. */
  void joined(Iperf3Session session) {
    events.run(() -> join(session));
  }

  /** The control connection is gone, or nobody waits for the test any more. */
  void lost() {
    events.run(() -> end(report));
  }

  /** A datagram has come: a client's first word on a new stream, or load. */
  void received(AddressFile file, DatagramIndication datagram) {
    UdpStream stream = datagramStreams.get(datagram.remote());
    if (UdpStream.isGreeting(datagram)) {
      TransportAddress remote = datagram.remote();
      events.run(() -> greeted(file, remote));
    } else if (stream != null) {
      stream.received(datagram);
    }
  }

  private void advance() {
    try {
      while (phase != Phase.OVER && step()) {
        // One step after another, as far as what has come goes.
      }
    } catch (Iperf3Exception e) {
      LOG.log(
          System.Logger.Level.WARNING, "a test from " + control.remote() + ": " + e.getMessage());
      control.say(
          ByteBuffer.allocate(1 + 2 * Integer.BYTES)
              .put((byte) ControlState.SERVER_ERROR)
              .putInt(WRONG_SETTINGS)
              .putInt(INVALID_ARGUMENT)
              .array());
      control.leave();
      end(null);
    }
  }

  private boolean step() throws Iperf3Exception {
    if (phase == Phase.SETTINGS || phase == Phase.RESULTS) {
      JsonObject json = input.takeJson();
      if (json == null) {
        return false;
      } else if (phase == Phase.SETTINGS) {
        settings(json);
      } else {
        results(json);
      }
      return true;
    }
    int state = input.takeState();
    if (state == ControlInput.NO_STATE) {
      return false;
    }
    switch (state) {
      case ControlState.TEST_END -> testEnd();
      // The client ends the control connection as well.
      case ControlState.IPERF_DONE -> end(report);
      case ControlState.CLIENT_TERMINATE -> end(null);
      default -> {
        // iperf3 has states that say nothing to a server.
      }
    }
    return true;
  }

  private void settings(JsonObject json) throws Iperf3Exception {
    Iperf3Settings settings = Exchange.settings(json);
    outputWanted = Exchange.flag(json, "get_server_output");
    boolean wide = Exchange.flag(json, "udp_counters_64bit");
    // The client alone decides when enough was carried.
    run = new TestRun(client, settings, wide, 0, () -> {});
    phase = Phase.STREAMS;
    control.say((byte) ControlState.CREATE_STREAMS);
  }

  private void join(Iperf3Session session) {
    TestRun test = run;
    if (test == null || phase != Phase.STREAMS || test.settings().udp()) {
      session.leave();
      return;
    }
    joined.add(session);
    if (joined.size() == test.settings().streams()) {
      // The client numbers its streams in the order in which it opened them, and their cookies may
      // have overtaken each other.
      joined.sort(Comparator.comparingLong(Iperf3Session::order));
      for (Iperf3Session each : joined) {
        add(test, each.carries(test));
      }
      start(test);
    }
  }

  private void greeted(AddressFile file, TransportAddress remote) {
    TestRun test = run;
    if (test == null || phase != Phase.STREAMS || !test.settings().udp()) {
      return;
    }
    file.sendDatagram(
        Request.of((request, status, count) -> {}),
        remote,
        UdpStream.greeting(UdpStream.HELLO_REPLY),
        0,
        Integer.BYTES);
    // A client whose answer was lost says it again.
    if (!datagramStreams.containsKey(remote)) {
      UdpStream stream = new UdpStream(test, file, remote, () -> {});
      datagramStreams.put(remote, stream);
      add(test, stream);
      if (test.streams().size() == test.settings().streams()) {
        start(test);
      }
    }
  }

  /** Of both directions, those come first in which the client sends. */
  private static void add(TestRun run, DataStream stream) {
    Iperf3Settings settings = run.settings();
    boolean sends =
        switch (settings.direction()) {
          case FORWARD -> false;
          case REVERSE -> true;
          case BIDIRECTIONAL -> run.streams().size() >= settings.parallel();
        };
    run.add(stream, sends);
  }

  private void start(TestRun ready) {
    phase = Phase.RUNNING;
    control.say((byte) ControlState.TEST_START);
    control.say((byte) ControlState.TEST_RUNNING);
    ready.begin();
  }

  private void testEnd() throws Iperf3Exception {
    TestRun test = run;
    if (test == null || phase != Phase.RUNNING) {
      throw new Iperf3Exception("the client ends a test that does not run");
    }
    test.end();
    // iperf3 reads in whole blocks: one that waits for the rest of a block has to see the end.
    joined.forEach(Iperf3Session::leave);
    phase = Phase.RESULTS;
    control.say((byte) ControlState.EXCHANGE_RESULTS);
  }

  private void results(JsonObject json) throws Iperf3Exception {
    TestRun test = run;
    if (test == null) {
      throw new Iperf3Exception("results of no test");
    }
    Exchange.Results theirs = Exchange.results(json);
    Exchange.Results ours = test.results();
    Iperf3Report measured = Reports.of(test, ours, theirs, List.of());
    report = measured;
    JsonObject answer = Exchange.results(ours);
    if (outputWanted) {
      answer.add("server_output_json", ReportJson.of(measured));
    }
    control.say(ControlInput.frame(answer));
    phase = Phase.GOOD_BYE;
    control.say((byte) ControlState.DISPLAY_RESULTS);
  }

  private void end(@Nullable Iperf3Report measured) {
    if (phase == Phase.OVER) {
      return;
    }
    phase = Phase.OVER;
    TestRun test = run;
    if (test != null) {
      test.end();
    }
    joined.forEach(Iperf3Session::leave);
    reception.ended(this, measured);
  }
}
