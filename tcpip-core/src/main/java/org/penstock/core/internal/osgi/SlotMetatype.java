package org.penstock.core.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of an interface, for tools that show forms. */
@ObjectClassDefinition(
    name = "Penstock: interface",
    description = "An interface of a stack; the best driver that matches serves it")
@interface SlotMetatype {

  @AttributeDefinition(description = "the name of its stack")
  String stack();

  @AttributeDefinition(description = "its name, such as net0")
  String name() default "net0";

  @AttributeDefinition(
      description = "its station address; by default derived from the names of stack and interface",
      required = false)
  String mac() default "";

  @AttributeDefinition(
      description = "its addresses with prefix lengths, such as 192.0.2.2/24",
      required = false)
  String[] addresses() default {};

  @AttributeDefinition(description = "the default gateway", required = false)
  String gateway() default "";

  @AttributeDefinition(
      name = "netif.target",
      description =
          "which drivers may serve it, such as (netif.name=tap0); without it none does, since any"
              + " driver would match",
      required = false)
  String netif_target() default "";

  @AttributeDefinition(description = "largest IP packet in bytes, 0 for the driver's")
  int mtu() default 0;

  @AttributeDefinition(
      description =
          "how many drivers to keep attached beside the one at work, to take over from it")
  int standby() default 0;

  @AttributeDefinition(
      name = "failback.millis",
      description =
          "how long a better driver must have had its link again before it takes over from a"
              + " standby that works")
  long failback_millis() default 5000;
}
