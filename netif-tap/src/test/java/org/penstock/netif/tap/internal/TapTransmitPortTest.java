package org.penstock.netif.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.netif.RecordingHost;

/**
 * What a TAP hardly ever does, take no more frames, a pipe does readily: the port and the queue
 * over a pipe in the place of the device.
 */
@ExtendWith(NetworkNamespaceExtension.class)
class TapTransmitPortTest {
  private static final int FRAME_BYTES = 60;

  private RecordingHost host;
  private TapNetif netif;
  private TapDevice pipe;
  private TapAttachment attachment;

  @TempDir Path folder;
  private int fd;
  private LinkSocket links;

  @BeforeEach
  void openPipe(NetworkNamespace net) throws Exception {
    Path fifo = folder.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    fd = Libc.open(fifo.toString(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    assertThat(fd).isNotNegative();
    links =
        NamespaceVisit.call(
            TapSettings.of("none").withNetns(net.name()).namespaceFile(), LinkSocket::open);
  }

  private TransmitPort port(int headerBytes) throws Exception {
    var facts = new TapDevice.Facts(true, false, false, headerBytes, 0, List.of());
    pipe = new TapDevice(fd, links, TapSettings.of("none"), facts);
    netif = new TapNetif(TapSettings.of("none"), pipe, cause -> {});
    host = new RecordingHost("test/net0", AttachedTap.RUNTIME, netif.capabilities());
    attachment = new TapAttachment(netif, pipe, host, false, 0);
    return attachment.openTransmit();
  }

  @AfterEach
  void closePipe() {
    assertThat(attachment.detach(AttachedTap.soon())).isTrue();
    pipe.close();
  }

  private static OutboundFrame frame() {
    return AttachedTap.frame(new byte[FRAME_BYTES]);
  }

  @Test
  void takesWhatFitsAndSaysWhenThereIsRoomAgain() throws Exception {
    TransmitPort port = port(VirtioNetHeader.BYTES);
    QueueAgent queue = attachment.queues().getFirst();
    var frames = new OutboundFrame[2000];
    Arrays.setAll(frames, i -> frame());

    int taken = port.transmit(frames, frames.length);
    assertThat(taken).isBetween(1, frames.length - 1);
    assertThat(port.transmit(frames, 1)).isZero();
    queue.idle(0);
    assertThat(host.transmitReadies()).as("while it is full").isZero();

    // Reading the frames back from the pipe makes room.
    MemorySegment sink = Arena.ofAuto().allocate(4096);
    for (int reads = 0; reads < 16 && host.transmitReadies() == 0; reads++) {
      assertThat(pipe.read(sink, sink.byteSize())).isPositive();
      queue.idle(0);
    }
    assertThat(host.transmitReadies()).isEqualTo(1);
    assertThat(port.transmit(frames, 1)).isEqualTo(1);
    queue.idle(0);
    assertThat(host.transmitReadies()).as("said once").isEqualTo(1);
    assertThat(netif.drops()).isZero();
  }

  @Test
  void dropsWhatNeedsAHeaderThatTheDeviceHasNot() throws Exception {
    TransmitPort port = port(0);
    OutboundFrame partial = frame();
    partial.partialChecksum(34, 16);
    OutboundFrame large = frame();
    large.gso(GsoType.TCP_IPV4, 1000, 54);

    assertThat(port.transmit(new OutboundFrame[] {partial, large, frame()}, 3)).isEqualTo(3);
    assertThat(netif.drops()).isEqualTo(2);
    assertThat(pipe.read(Arena.ofAuto().allocate(4096), 4096)).isEqualTo(FRAME_BYTES);
  }

  @Test
  void neverReadsBeyondAPiece() throws Exception {
    TransmitPort port = port(VirtioNetHeader.BYTES);
    var frame = new OutboundFrame();
    frame.add(Arena.ofAuto().allocate(100), 50, 51);

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> port.transmit(new OutboundFrame[] {frame}, 1));
    assertThat(port.transmit(new OutboundFrame[] {frame()}, 1)).as("after the error").isEqualTo(1);
  }
}
