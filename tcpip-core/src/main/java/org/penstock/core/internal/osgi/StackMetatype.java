package org.penstock.core.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of a stack, for tools that show forms. */
@ObjectClassDefinition(
    name = "Penstock: stack",
    description = "A TCP/IP stack; interfaces join it by its name")
@interface StackMetatype {

  @AttributeDefinition(description = "its name, such as a")
  String name();

  @AttributeDefinition(
      name = "strategy.target",
      description =
          "which concurrency strategy, such as (strategy.name=mailbox); by default the one with"
              + " the highest service.ranking",
      required = false)
  String strategy_target() default "";

  @AttributeDefinition(
      description =
          "which congestion control, such as newreno, while it is there; by default the one with"
              + " the highest service.ranking",
      required = false)
  String congestion() default "";

  @AttributeDefinition(description = "cells the core is divided into, a power of two")
  int cells() default 64;

  @AttributeDefinition(
      name = "memory.limit",
      description = "most bytes of off-heap memory for packets and queues")
  long memory_limit() default 512L << 20;

  @AttributeDefinition(
      name = "send.buffer",
      description = "most bytes that the send queue of a connection grows to")
  int send_buffer() default 4 << 20;

  @AttributeDefinition(
      name = "receive.buffer",
      description = "most bytes that the receive window of a connection grows to")
  int receive_buffer() default 4 << 20;

  @AttributeDefinition(name = "time.wait.seconds", description = "how long TIME-WAIT lasts")
  int time_wait_seconds() default 60;

  @AttributeDefinition(name = "minimum.rto.millis", description = "least retransmission timeout")
  int minimum_rto_millis() default 200;

  @AttributeDefinition(
      name = "delayed.ack.millis",
      description = "how long an acknowledgement may wait, below 500")
  int delayed_ack_millis() default 40;

  @AttributeDefinition(
      name = "syn.cookies",
      description =
          "when listeners answer by SYN cookies (RFC 4987): off, when-full (their backlog), or"
              + " always")
  String syn_cookies() default "when-full";

  @AttributeDefinition(description = "whether connections offer timestamps (RFC 7323)")
  boolean timestamps() default true;

  @AttributeDefinition(
      description = "whether connections offer selective acknowledgement (RFC 2018)")
  boolean sack() default true;

  @AttributeDefinition(
      description =
          "explicit congestion notification (RFC 3168): off, passive (where the peer asks for it),"
              + " or on")
  String ecn() default "passive";
}
