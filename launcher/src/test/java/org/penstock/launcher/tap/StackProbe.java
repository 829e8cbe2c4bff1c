package org.penstock.launcher.tap;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A stack in the container, looked at from outside. By reflection, since the classes of its views
 * are the bundles' own and not those of the test's class path.
 */
final class StackProbe {

  private static final String VIEW = "org.penstock.api.view.StackView";
  private static final String TRANSPORT = "org.penstock.tdi.Transport";

  private final BundleContext framework;
  private final String filter;

  /**
   * A probe.
   *
   * @param stack the stack's name
   */
  StackProbe(BundleContext framework, String stack) {
    this.framework = framework;
    this.filter = "(stack.name=" + stack + ")";
  }

  /** True once stack and transport are services. */
  boolean isThere() {
    return find(VIEW) != null && find(TRANSPORT) != null;
  }

  /** Name of the concurrency strategy in force. */
  String strategy() {
    return String.valueOf(value(ask(VIEW, "strategy"), "name"));
  }

  /** The PCBs that are more than a listener or a bound address, as text. */
  List<String> connections() {
    List<String> connections = new ArrayList<>();
    Consumer<Object> consumer =
        pcb -> {
          String list = String.valueOf(value(pcb, "list"));
          if (list.equals("ACTIVE") || list.equals("TIME_WAIT")) {
            connections.add(pcb.toString());
          }
        };
    call(VIEW, "pcbs", Consumer.class, consumer);
    return connections;
  }

  /** The transport's endpoints that have a peer, as text. */
  List<String> connectedEndpoints() {
    return endpoints().stream()
        .filter(endpoint -> value(endpoint, "remote") != null)
        .map(Object::toString)
        .toList();
  }

  /** How many endpoints there are, with a peer or without. */
  int endpointCount() {
    return endpoints().size();
  }

  /** The bytes that the present connections have carried, both ways, the least of all. */
  long leastCarried() {
    return endpoints().stream()
        .filter(endpoint -> value(endpoint, "remote") != null)
        .mapToLong(endpoint -> number(endpoint, "bytesSent") + number(endpoint, "bytesReceived"))
        .min()
        .orElse(0);
  }

  /** Memory that is held: landings and bytes of chunks that are not in their pools. */
  Held held() {
    Object memory = ask(VIEW, "memory");
    return new Held(
        number(memory, "landingsTotal") - number(memory, "landingsFree"),
        number(memory, "chunkBytes") - number(memory, "chunkBytesFree"));
  }

  /**
   * Memory outside of its pools.
   *
   * @param landings their number
   * @param chunkBytes bytes
   */
  record Held(long landings, long chunkBytes) {
    boolean isAtMost(Held other) {
      return landings <= other.landings && chunkBytes <= other.chunkBytes;
    }
  }

  /** A number of the only interface. */
  long ofInterface(String component) {
    return number(((List<?>) ask(VIEW, "interfaces")).getFirst(), component);
  }

  /** Something of the only interface, as text. */
  String textOfInterface(String component) {
    return String.valueOf(value(((List<?>) ask(VIEW, "interfaces")).getFirst(), component));
  }

  /** A counter by its constant's name. */
  long counter(String constant) {
    return ofMap("counters", constant);
  }

  /** How many packets were dropped, by the constant's name of the reason. */
  long drops(String constant) {
    return ofMap("drops", constant);
  }

  private long ofMap(String method, String constant) {
    return ((Map<?, ?>) ask(VIEW, method))
        .entrySet().stream()
            .filter(entry -> ((Enum<?>) entry.getKey()).name().equals(constant))
            .mapToLong(entry -> (Long) entry.getValue())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no " + constant + " in " + method));
  }

  /** What does not hold of the stack's invariants. */
  List<?> brokenInvariants() {
    return (List<?>) ask(VIEW, "checkInvariants");
  }

  private List<?> endpoints() {
    return (List<?>) ask(TRANSPORT, "endpoints");
  }

  private static long number(Object of, String component) {
    Object value = value(of, component);
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new AssertionError(component + " of " + of + " is no number");
  }

  private static Object value(Object of, String component) {
    try {
      return of.getClass().getMethod(component).invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no " + component + " in " + of, e);
    }
  }

  private Object ask(String service, String method) {
    return call(service, method, null, null);
  }

  private Object call(String service, String method, Class<?> type, Object argument) {
    ServiceReference<?> reference = find(service);
    if (reference == null) {
      throw new AssertionError("no " + service + " with " + filter);
    }
    Object object = framework.getService(reference);
    try {
      Class<?> contract = reference.getBundle().loadClass(service);
      return type == null
          ? contract.getMethod(method).invoke(object)
          : contract.getMethod(method, type).invoke(object, argument);
    } catch (InvocationTargetException e) {
      throw new AssertionError(service + "." + method + " failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("cannot call " + service + "." + method, e);
    } finally {
      framework.ungetService(reference);
    }
  }

  private ServiceReference<?> find(String service) {
    try {
      ServiceReference<?>[] found = framework.getAllServiceReferences(service, filter);
      return found == null ? null : found[0];
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(filter, e);
    }
  }
}
