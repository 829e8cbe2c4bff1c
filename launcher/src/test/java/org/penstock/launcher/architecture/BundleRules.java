package org.penstock.launcher.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which bundle may use which packages of other bundles. Everything may use the contracts; no
 * plug-in knows another plug-in, and no driver knows the core.
 *
 * <p>The rules are made for a root package, so that the test can point them at offenders.
 */
final class BundleRules {

  private static final String API = "api..";
  private static final String CORE_API = "core.api";
  private static final String TDI_API = "tdi";

  /**
   * Bundle by bundle, in packages below the root (two dots mean those below it as well): what it
   * may use besides itself.
   */
  private static final Map<String, List<String>> MAY_USE = mayUse();

  private final String root;

  BundleRules(String root) {
    this.root = root;
  }

  private static Map<String, List<String>> mayUse() {
    Map<String, List<String>> uses = new LinkedHashMap<>();
    uses.put("api..", List.of());
    uses.put("testkit..", List.of(API));
    uses.put("netif.loopback..", List.of(API));
    uses.put("netif.tap..", List.of(API));
    uses.put("netif.fault..", List.of(API));
    uses.put("netif.capture..", List.of(API));
    uses.put("concurrency.caller..", List.of(API));
    uses.put("concurrency.globallock..", List.of(API));
    uses.put("concurrency.mailbox..", List.of(API));
    uses.put("concurrency.spinlock..", List.of(API));
    uses.put("concurrency.corelock..", List.of(API));
    uses.put("concurrency.baton..", List.of(API));
    uses.put("concurrency.striped..", List.of(API));
    uses.put("concurrency.sharded..", List.of(API));
    uses.put("congestion.cubic..", List.of(API));
    uses.put("core..", List.of(API));
    uses.put("tdi..", List.of(API, CORE_API));
    uses.put("shell..", List.of(API, CORE_API, TDI_API));
    uses.put("service", List.of(API, CORE_API, TDI_API));
    for (String service : List.of("http", "echo", "discard", "chargen", "iperf3")) {
      uses.put("service." + service + "..", List.of(API, CORE_API, TDI_API, "service"));
    }
    uses.put(
        "simulator..",
        List.of(
            API,
            CORE_API,
            TDI_API,
            "testkit..",
            "netif.loopback",
            "concurrency.caller",
            "congestion.cubic"));
    uses.put(
        "goodput..",
        List.of(
            API,
            CORE_API,
            TDI_API,
            "testkit..",
            "netif.loopback",
            "netif.tap",
            "congestion.cubic",
            "service.iperf3"));
    // It starts bundles; it never calls into them.
    uses.put("launcher..", List.of());
    return uses;
  }

  /** One rule a bundle, and one that no bundle is missing from this list. */
  Stream<ArchRule> rules() {
    return Stream.concat(
        Stream.of(everyClassBelongsToABundle()),
        MAY_USE.entrySet().stream().map(use -> mayOnlyUse(use.getKey(), use.getValue())));
  }

  private ArchRule everyClassBelongsToABundle() {
    return classes()
        .should()
        .resideInAnyPackage(MAY_USE.keySet().stream().map(this::named).toArray(String[]::new))
        .as("every class belongs to a bundle that has a rule in BundleRules");
  }

  private ArchRule mayOnlyUse(String bundle, List<String> others) {
    String[] allowed =
        Stream.concat(Stream.of(named(bundle)), others.stream().map(this::named))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(named(bundle))
        .should()
        .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(allowed))))
        .as(bundle + " uses only its own packages and " + others);
  }

  private String named(String name) {
    return root + "." + name;
  }
}
