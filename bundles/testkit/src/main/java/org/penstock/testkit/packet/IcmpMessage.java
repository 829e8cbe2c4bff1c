package org.penstock.testkit.packet;

import java.util.Arrays;

/**
 * An ICMP message.
 *
 * @param type its type: 0 echo reply, 3 unreachable, 8 echo, 11 time exceeded, …
 * @param code its code
 * @param rest the 32 bits after the checksum: identifier and sequence of an echo
 * @param body what follows: the data of an echo, the packet that an error quotes
 * @param checksum over the message
 */
public record IcmpMessage(int type, int code, int rest, byte[] body, ChecksumVerdict checksum) {

  /** Echo reply. */
  public static final int ECHO_REPLY = 0;

  /** Destination unreachable. */
  public static final int UNREACHABLE = 3;

  /** Echo request. */
  public static final int ECHO = 8;

  /** Time exceeded. */
  public static final int TIME_EXCEEDED = 11;

  /** The identifier of an echo. */
  public int id() {
    return rest >>> 16;
  }

  /** The sequence number of an echo. */
  public int sequence() {
    return rest & 0xffff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IcmpMessage that
        && type == that.type
        && code == that.code
        && rest == that.rest
        && checksum == that.checksum
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * rest + Arrays.hashCode(body);
  }
}
