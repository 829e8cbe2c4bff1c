package org.penstock.testkit.packet;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes TCP options as octets. */
final class TcpOptionWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TcpOptionWriter() {}

  static byte[] octets(List<TcpOption> options) {
    TcpOptionWriter writer = new TcpOptionWriter();
    options.forEach(writer::write);
    return writer.out.toByteArray();
  }

  private void write(TcpOption option) {
    switch (option) {
      case TcpOption.End end -> out.write(0);
      case TcpOption.Nop nop -> out.write(1);
      case TcpOption.Mss mss -> {
        start(2, 4);
        number(mss.bytes(), 2);
      }
      case TcpOption.WindowScale scale -> {
        start(3, 3);
        number(scale.shift(), 1);
      }
      case TcpOption.SackPermitted permitted -> start(4, 2);
      case TcpOption.Sack sack -> {
        start(5, 2 + 8 * sack.blocks().size());
        for (TcpOption.Sack.Block block : sack.blocks()) {
          number(block.left(), 4);
          number(block.right(), 4);
        }
      }
      case TcpOption.Timestamps stamps -> {
        start(8, 10);
        number(stamps.value(), 4);
        number(stamps.echo(), 4);
      }
      case TcpOption.Other other -> {
        start(other.kind(), 2 + other.data().length);
        out.writeBytes(other.data());
      }
    }
  }

  private void start(int kind, int length) {
    out.write(kind);
    out.write(length);
  }

  private void number(long value, int octets) {
    for (int i = octets - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
