package org.penstock.api.view;

/** What a stack counts, with the names of the RFC 4293, 4022 and 4113 MIBs where they have one. */
public enum Counter {
  IP_IN_RECEIVES("ipInReceives", "packets", "IP packets received"),
  IP_IN_DELIVERS("ipInDelivers", "packets", "IP packets given to a protocol"),
  IP_OUT_REQUESTS("ipOutRequests", "packets", "IP packets that protocols asked to send"),
  IP_OUT_TRANSMITS("ipOutTransmits", "packets", "IP packets given to a driver"),
  IP_REASSEMBLY_REQUESTS("ipReasmReqds", "fragments", "fragments received"),
  IP_REASSEMBLED("ipReasmOKs", "packets", "IP packets put together from fragments"),
  IP_REASSEMBLY_FAILS("ipReasmFails", "packets", "IP packets that could not be put together"),
  IP_FRAGMENTED("ipFragOKs", "packets", "IP packets sent in fragments"),
  IP_FRAGMENTATION_FAILS("ipFragFails", "packets", "IP packets of which not all fragments left"),
  IP_FRAGMENTS_CREATED("ipFragCreates", "fragments", "fragments given to a driver"),
  IP_PATH_MTU_LOWERED("ipPathMtuLowered", "times", "paths found to take less than was known"),
  ARP_IN_REQUESTS("arpInRequests", "packets", "ARP requests received"),
  ARP_IN_REPLIES("arpInReplies", "packets", "ARP replies received"),
  ARP_OUT_REQUESTS("arpOutRequests", "packets", "ARP requests sent"),
  ARP_OUT_REPLIES("arpOutReplies", "packets", "ARP replies sent"),
  ARP_CONFLICTS("arpConflicts", "packets", "ARP packets of others that use an address of ours"),
  ICMP_IN_MESSAGES("icmpInMsgs", "messages", "ICMP messages received"),
  ICMP_OUT_MESSAGES("icmpOutMsgs", "messages", "ICMP messages sent"),
  ICMP_IN_ERRORS("icmpInErrs", "messages", "ICMP errors received, true or forged"),
  ICMP_IN_REDIRECTS("icmpInRedirects", "messages", "redirects received, which are ignored"),
  ICMP_IN_SOURCE_QUENCHES("icmpInSrcQuenchs", "messages", "source quenches received and ignored"),
  ICMP_IN_ECHO_REQUESTS("icmpInEchos", "messages", "echo requests received"),
  ICMP_IN_ECHO_REPLIES("icmpInEchoReps", "messages", "echo replies received"),
  ICMP_OUT_ERRORS("icmpOutErrors", "messages", "ICMP errors sent"),
  UDP_IN_DATAGRAMS("udpInDatagrams", "datagrams", "datagrams delivered"),
  UDP_OUT_DATAGRAMS("udpOutDatagrams", "datagrams", "datagrams sent"),
  UDP_NO_PORTS("udpNoPorts", "datagrams", "datagrams for a port nobody has opened"),
  UDP_IN_ERRORS("udpInErrors", "datagrams", "datagrams that could not be delivered"),
  TCP_ACTIVE_OPENS("tcpActiveOpens", "connections", "SYN-SENT entered from CLOSED"),
  TCP_PASSIVE_OPENS("tcpPassiveOpens", "connections", "SYN-RECEIVED entered from LISTEN"),
  TCP_ATTEMPT_FAILS("tcpAttemptFails", "connections", "handshakes that failed"),
  TCP_ESTABLISHED_RESETS("tcpEstabResets", "connections", "connections that ended by a reset"),
  TCP_IN_SEGMENTS("tcpInSegs", "segments", "segments received"),
  TCP_OUT_SEGMENTS("tcpOutSegs", "segments", "segments sent, retransmissions not counted"),
  TCP_RETRANSMITTED("tcpRetransSegs", "segments", "segments sent again"),
  TCP_IN_ERRORS("tcpInErrs", "segments", "segments received in error"),
  TCP_OUT_RESETS("tcpOutRsts", "segments", "resets sent"),
  TCP_IN_RESETS("tcpInRsts", "segments", "acceptable resets received"),
  TCP_TIMEOUTS("tcpTimeouts", "times", "retransmission timer expired"),
  TCP_FAST_RETRANSMITS("tcpFastRetrans", "times", "fast retransmit entered"),
  TCP_REORDERINGS("tcpReorderings", "times", "found that the network reorders"),
  TCP_SACKS_IGNORED("tcpSacksIgnored", "blocks", "SACK blocks of what was never sent"),
  TCP_DSACKS("tcpDsacks", "blocks", "reports of what the peer has received twice"),
  TCP_LOSS_PROBES("tcpLossProbes", "segments", "tail loss probes sent"),
  TCP_SPURIOUS("tcpSpurious", "times", "recoveries that turned out to be needless"),
  TCP_RENEGED("tcpReneged", "times", "timed out for what was acknowledged selectively"),
  TCP_DUPLICATE_ACKS("tcpDupAcks", "segments", "duplicate acknowledgements received"),
  TCP_OUT_OF_ORDER("tcpOutOfOrder", "segments", "segments received out of order"),
  TCP_DUPLICATE_DATA("tcpDupData", "segments", "segments received again"),
  TCP_WINDOW_PROBES("tcpWindowProbes", "segments", "zero-window probes sent"),
  TCP_DELAYED_ACKS("tcpDelayedAcks", "segments", "acknowledgements sent by the delay timer"),
  TCP_CHALLENGE_ACKS("tcpChallengeAcks", "segments", "challenge acknowledgements sent"),
  TCP_COOKIES_SENT("tcpSynCookiesSent", "segments", "SYNs answered by a cookie"),
  TCP_COOKIES_ACCEPTED(
      "tcpSynCookiesAccepted", "connections", "connections that a cookie brought back"),
  TCP_COOKIES_REJECTED(
      "tcpSynCookiesRejected", "segments", "acknowledgements of no connection without a cookie"),
  TCP_PRUNED("tcpPruned", "bytes", "received out of order and given up for want of memory"),
  TCP_ORPHANS_REFUSED(
      "tcpOrphansRefused", "connections", "abandoned and reset, since there were too many"),
  TCP_LISTEN_OVERFLOWS("tcpListenOverflows", "connections", "handshakes lost to a full backlog"),
  TCP_OUT_ECT("tcpOutEct", "segments", "segments sent that may be marked instead of dropped"),
  TCP_IN_CE("tcpInCe", "segments", "segments received that were marked for congestion"),
  TCP_IN_ECE("tcpInEce", "segments", "acknowledgements received that echo a congestion mark"),
  TCP_ECN_REDUCTIONS("tcpEcnReductions", "times", "windows reduced for a congestion mark"),
  HANDLER_EXCEPTIONS("handlerExceptions", "exceptions", "exceptions thrown by event handlers"),
  SECTION_EXCEPTIONS("sectionExceptions", "exceptions", "exceptions inside a partition"),
  STRATEGY_SWAPS("strategySwaps", "swaps", "concurrency strategies replaced"),
  DRIVER_CHANGES("driverChanges", "changes", "drivers bound to a slot");

  private final String label;
  private final String unit;
  private final String description;

  Counter(String label, String unit, String description) {
    this.label = label;
    this.unit = unit;
    this.description = description;
  }

  /** The name that tools show. */
  public String label() {
    return label;
  }

  /** What one count is. */
  public String unit() {
    return unit;
  }

  /** The counter in words, for people. */
  public String description() {
    return description;
  }
}
