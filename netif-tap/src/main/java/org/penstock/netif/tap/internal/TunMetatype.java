package org.penstock.netif.tap.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration as tools show it; {@link TapProperties} reads it. */
@ObjectClassDefinition(
    name = "Penstock NIC: TUN",
    description =
        "A Linux TUN device (IP without Ethernet) as a NIC of the stack, one configuration for each"
            + " device.")
@interface TunMetatype {
  @AttributeDefinition(description = "The interface's name; created if there is none")
  String name();

  @AttributeDefinition(
      required = false,
      description = "Network namespace by name or path; empty: the one of this process")
  String netns() default "";

  @AttributeDefinition(description = "Keep the device when it is closed")
  boolean persistent() default false;

  @AttributeDefinition(
      min = "0",
      max = "65535",
      description = "MTU of the kernel's side in bytes, 68 or more; 0: leave it as it is")
  int mtu() default 0;

  @AttributeDefinition(description = "Leave checksums and segmentation to the kernel")
  boolean offload() default true;

  @AttributeDefinition(min = "1", max = "1", description = "Queues")
  int queues() default 1;

  @AttributeDefinition(
      min = "0",
      max = "10000",
      description = "Microseconds to look for frames before sleeping; 0: sleep at once")
  int spin_micros() default 0;
}
