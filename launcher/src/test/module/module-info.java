/** A program that embeds two stacks, on nothing but the module path. */
module org.penstock.embedded {
  requires org.penstock.api;
  requires org.penstock.core;
  requires org.penstock.netif.loopback;
  requires org.penstock.tdi;
}
