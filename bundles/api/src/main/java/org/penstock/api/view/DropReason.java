package org.penstock.api.view;

/** Why a frame or packet was dropped. Every drop has one reason and is counted under it. */
public enum DropReason {
  NO_BUFFER("no landing was free, or the frame queue of a partition was full"),
  STACK_STOPPED("the stack was stopping"),
  INTERFACE_DOWN("the interface was down or had no driver"),
  TRANSMIT_REFUSED("the driver took no more frames; TCP sends again, others lose the frame"),
  DRIVER("the driver dropped it by itself: longer than it takes, or refused by its device"),
  STANDBY("a standby driver received it for a group: the one at work receives the like"),
  NOT_FOR_US("the link address was another station's"),
  MALFORMED_ETHERNET("the frame was shorter than an Ethernet header"),
  UNKNOWN_ETHERTYPE("no protocol for this EtherType"),
  MALFORMED_ARP("the ARP packet was short, or not for Ethernet and IPv4"),
  ARP_IGNORED("an ARP packet about others, or an answer nobody asked for"),
  MALFORMED_IPV4("bad version, header length, total length or fragment fields"),
  BAD_CHECKSUM_IPV4("the IPv4 header checksum did not match"),
  MALFORMED_IPV6("bad version, payload length or extension header"),
  NOT_OUR_ADDRESS("the destination address is not ours and forwarding is off"),
  BAD_SOURCE_ADDRESS("a source address no host may have: broadcast, multicast, or our own"),
  FRAGMENT_TINY("a fragment cut a TCP header, to get past a filter (RFC 1858, RFC 3128)"),
  FRAGMENT_OVERLAP("fragments of one datagram overlapped or disagreed about its end (RFC 5722)"),
  FRAGMENT_DUPLICATE("a fragment came twice"),
  FRAGMENT_HOLES("the fragments of one datagram left too many holes"),
  FRAGMENT_ECN("one fragment was marked, another not ECN-capable (RFC 3168 §5.3)"),
  FRAGMENT_LIMIT("incomplete datagrams reached a limit of the stack, the source or the cell"),
  FRAGMENT_TIMEOUT("the other fragments of the datagram did not come in time"),
  UNKNOWN_PROTOCOL("no handler for this IP protocol"),
  NO_ROUTE("no route to the destination"),
  NO_SOURCE_ADDRESS("no address to send from"),
  TTL_EXPIRED("the time to live ran out"),
  NEIGHBOUR_QUEUE_FULL("too many packets waited for a neighbour's address"),
  NEIGHBOUR_UNREACHABLE("the neighbour did not answer"),
  TOO_BIG("longer than the path's MTU and not to be fragmented"),
  MALFORMED_ICMP("the ICMP message was short"),
  BAD_CHECKSUM_ICMP("the ICMP checksum did not match"),
  ICMP_IGNORED("an ICMP message that a host has no use for"),
  ICMP_RATE_LIMITED("an ICMP error was not sent, to keep within the limit (RFC 1812 §4.3.2.8)"),
  MALFORMED_UDP("bad UDP length"),
  BAD_CHECKSUM_UDP("the UDP checksum did not match"),
  NO_UDP_PORT("no address file for this UDP port"),
  UDP_QUEUE_FULL("the datagrams that wait at an address file reached its limit"),
  RAW_QUEUE_FULL("packets for a raw endpoint reached a limit; others got theirs"),
  MALFORMED_TCP("bad TCP data offset"),
  BAD_CHECKSUM_TCP("the TCP checksum did not match"),
  NO_TCP_CONNECTION("no connection or listener for this segment"),
  TCP_OUT_OF_WINDOW("not acceptable by RFC 9293 §3.10.7.4: outside of the receive window"),
  TCP_BAD_ACK("it acknowledged what was never sent"),
  TCP_BACKLOG_FULL("the listener's backlog was full"),
  TCP_RECEIVE_MEMORY("the receive memory limit was reached"),
  TCP_CHALLENGE_LIMITED("a challenge ACK was not sent, to keep within its limit (RFC 5961 §7)"),
  TCP_PAWS("an old timestamp (RFC 7323 §5)"),
  INTERNAL_ERROR("an exception while the packet was handled");

  private final String description;

  DropReason(String description) {
    this.description = description;
  }

  /** The reason in words, for people. */
  public String description() {
    return description;
  }
}
