package org.penstock.netif.fault.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration as tools show it; {@link FaultProperties} reads it. */
@ObjectClassDefinition(
    name = "Penstock NIC: fault injector",
    description =
        "Wraps the driver of one interface and makes its network a bad one, both ways; a property"
            + " with in. or out. in front is for one way")
@interface FaultMetatype {
  @AttributeDefinition(description = "The stack's name")
  String stack();

  @AttributeDefinition(description = "The interface's name")
  String slot() default FaultProperties.DEFAULT_SLOT;

  @AttributeDefinition(description = "Of chance; another one starts anew")
  long seed() default 0;

  @AttributeDefinition(description = "Bytes for frames that are held back, each way")
  String memory() default "16m";

  @AttributeDefinition(description = "Share of frames lost, each by itself, such as 1%")
  String loss() default "0";

  @AttributeDefinition(description = "Share of frames lost in bursts (Gilbert-Elliott)")
  String burst_loss() default "0";

  @AttributeDefinition(description = "Mean length of a burst in frames")
  String burst_length() default "3";

  @AttributeDefinition(description = "How long every frame takes, such as 20ms")
  String delay() default "0";

  @AttributeDefinition(description = "Up to how much longer; frames stay in order")
  String jitter() default "0";

  @AttributeDefinition(description = "Share of frames held back, so that later ones pass them")
  String reorder() default "0";

  @AttributeDefinition(description = "Up to how long they are held back")
  String reorder_delay() default "10ms";

  @AttributeDefinition(description = "Share of frames that arrive twice")
  String duplicate() default "0";

  @AttributeDefinition(description = "Up to how much later the second arrives")
  String duplicate_delay() default "0";

  @AttributeDefinition(description = "Share of frames of which a bit is flipped")
  String corrupt() default "0";

  @AttributeDefinition(description = "Bits a second, such as 10mbit; 0 for no limit")
  String rate() default "0";

  @AttributeDefinition(description = "Bytes that wait in front of a line with a rate")
  String queue() default "256k";

  @AttributeDefinition(description = "Bytes that wait beyond which ECN marks; 0 for none")
  String mark() default "0";

  @AttributeDefinition(description = "Longer IP packets vanish; 0 for none")
  int mtu() default 0;

  @AttributeDefinition(description = "Nothing passes")
  boolean down() default false;
}
