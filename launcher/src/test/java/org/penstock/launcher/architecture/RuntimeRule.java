package org.penstock.launcher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.penstock.testkit.bytecode.ForbiddenCode;
import org.penstock.testkit.bytecode.StackCode;

/**
 * The {@code StackRuntime} rule: threads, parking, clocks and chance come from the runtime that a
 * stack is given, or a simulated run would not replay from its seed.
 */
final class RuntimeRule {

  private RuntimeRule() {}

  /** The rule for the bundles below a root package. */
  static ArchRule below(String root) {
    return classes()
        .that()
        .resideInAnyPackage(
            root + ".api..",
            root + ".core..",
            root + ".tdi..",
            root + ".concurrency..",
            root + ".netif.loopback..",
            root + ".netif.fault..",
            root + ".netif.capture..")
        .and()
        // A model is a function of time and seed: its numbers come from the seed it is given.
        .resideOutsideOfPackage(root + ".api.netif.impairment")
        .should(new ReadsNothingButTheRuntime(root + ".api.runtime.SystemRuntime"))
        .as("locks, threads, clocks and random sources come from the StackRuntime only");
  }

  /** ArchUnit does not see monitors inside methods, so the class file itself is read. */
  private static final class ReadsNothingButTheRuntime extends ArchCondition<JavaClass> {

    private final ForbiddenCode inTheStack = StackCode.onlyStackRuntime();
    private final ForbiddenCode inTheRim = StackCode.containerRim();
    private final String systemRuntime;

    ReadsNothingButTheRuntime(String systemRuntime) {
      super("use no lock, thread, clock or random source but the StackRuntime's");
      this.systemRuntime = systemRuntime;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      if (isSystemRuntime(type.getName())) {
        return;
      }
      (isContainerRim(type) ? inTheRim : inTheStack)
          .find(classFileOf(type))
          .forEach(found -> events.add(SimpleConditionEvent.violated(type, found.toString())));
    }

    /** Where a bundle keeps its components, which the container alone calls. */
    private static boolean isContainerRim(JavaClass type) {
      String name = type.getPackageName();
      return name.endsWith(".internal.osgi")
          || name.endsWith(".internal") && name.contains(".netif.");
    }

    private boolean isSystemRuntime(String name) {
      return name.equals(systemRuntime) || name.startsWith(systemRuntime + "$");
    }

    private static byte[] classFileOf(JavaClass type) {
      try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException("can't read the class file of " + type.getName(), e);
      }
    }
  }
}
