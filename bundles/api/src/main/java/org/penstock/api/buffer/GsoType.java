package org.penstock.api.buffer;

/** Whether a frame is a super-frame that stands for several packets, and of which kind. */
public enum GsoType {
  /** An ordinary frame. */
  NONE,
  /** TCP over IPv4, to be cut into segments of the GSO size. */
  TCP_IPV4,
  /** TCP over IPv6, to be cut into segments of the GSO size. */
  TCP_IPV6,
  /** UDP, to be cut into datagrams of the GSO size. */
  UDP
}
