package org.penstock.testkit.packet;

/** What a decoder found about one checksum. */
public enum ChecksumVerdict {
  /** It matches. */
  GOOD,
  /** It does not match. */
  BAD,
  /** UDP over IPv4 sent without one: the field is zero (RFC 768). */
  ABSENT,
  /** It can't be told: a fragment, or octets are missing. */
  UNKNOWN
}
