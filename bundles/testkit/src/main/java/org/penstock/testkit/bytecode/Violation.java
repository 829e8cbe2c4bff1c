package org.penstock.testkit.bytecode;

/**
 * One place where compiled code breaks a rule.
 *
 * @param className the class, as {@code Class.getName} writes it
 * @param what what it contains, such as {@code calls java.lang.System.nanoTime}
 */
public record Violation(String className, String what) {

  @Override
  public String toString() {
    return className + " " + what;
  }
}
