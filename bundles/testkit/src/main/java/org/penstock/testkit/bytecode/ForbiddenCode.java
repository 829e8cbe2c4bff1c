package org.penstock.testkit.bytecode;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the bytecode of a bundle must not contain: monitors, classes and methods. It reads class
 * files and loads none, so what it looks at need not be able to run.
 *
 * <p>References are taken from the constant pool and from every descriptor, which finds them in
 * method references, casts, field types and signatures as well as in calls.
 *
 * <p>Immutable; any thread may use it.
 */
public final class ForbiddenCode {

  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;<]+);");

  private final boolean monitors;
  private final Predicate<String> forbiddenClass;
  private final Predicate<String> forbiddenMethod;

  private ForbiddenCode(
      boolean monitors, Predicate<String> forbiddenClass, Predicate<String> forbiddenMethod) {
    this.monitors = monitors;
    this.forbiddenClass = forbiddenClass;
    this.forbiddenMethod = forbiddenMethod;
  }

  /** A rule that forbids nothing yet. */
  public static ForbiddenCode none() {
    return new ForbiddenCode(false, name -> false, name -> false);
  }

  /** Forbids the built-in locks as well: {@code synchronized}, wait and notify. */
  public ForbiddenCode andMonitors() {
    return new ForbiddenCode(
        true,
        forbiddenClass,
        forbiddenMethod.or(matching("java\\.lang\\.Object\\.(wait|notify|notifyAll)")));
  }

  /**
   * Forbids classes as well, wherever they are named.
   *
   * @param regex matches the whole binary name, such as {@code java\.util\.Random}
   */
  public ForbiddenCode andClasses(String regex) {
    return new ForbiddenCode(monitors, forbiddenClass.or(matching(regex)), forbiddenMethod);
  }

  /**
   * Forbids methods as well, called or referred to.
   *
   * @param regex matches the binary name of the class, a dot and the method's name, such as {@code
   *     java\.lang\.System\.nanoTime}
   */
  public ForbiddenCode andMethods(String regex) {
    return new ForbiddenCode(monitors, forbiddenClass, forbiddenMethod.or(matching(regex)));
  }

  /**
   * Reads every class file below a folder.
   *
   * @throws IOException when the folder can't be read
   * @throws IllegalArgumentException when there is no class below it, so that a wrong path never
   *     passes for clean code
   */
  public List<Violation> findBelow(Path folder) throws IOException {
    return findBelow(folder, file -> true);
  }

  /**
   * Reads the class files below a folder that are wanted.
   *
   * @param wanted takes a class file's path, which begins with that of the folder
   * @throws IOException when the folder can't be read
   * @throws IllegalArgumentException when no class below it is wanted
   */
  public List<Violation> findBelow(Path folder, Predicate<Path> wanted) throws IOException {
    List<Path> classFiles;
    try (Stream<Path> tree = Files.walk(folder)) {
      classFiles =
          tree.filter(path -> path.toString().endsWith(".class")).filter(wanted).sorted().toList();
    }
    if (classFiles.isEmpty()) {
      throw new IllegalArgumentException("no class file below " + folder + ": nothing to check");
    }
    List<Violation> found = new ArrayList<>();
    for (Path classFile : classFiles) {
      found.addAll(find(Files.readAllBytes(classFile)));
    }
    return found;
  }

  /**
   * Reads one class file.
   *
   * @throws IllegalArgumentException when the bytes are not a class file
   */
  public List<Violation> find(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    String name = dotted(model.thisClass().asInternalName());
    Set<String> found = new LinkedHashSet<>();
    for (PoolEntry entry : model.constantPool()) {
      inspectPoolEntry(entry, found);
    }
    model.fields().forEach(field -> inspectDescriptor(field.fieldType().stringValue(), found));
    for (MethodModel method : model.methods()) {
      inspectDescriptor(method.methodType().stringValue(), found);
      if (monitors) {
        inspectMonitors(method, found);
      }
    }
    return found.stream().map(what -> new Violation(name, what)).toList();
  }

  private void inspectPoolEntry(PoolEntry entry, Set<String> found) {
    switch (entry) {
      case ClassEntry type -> inspectClassEntry(type.asInternalName(), found);
      case MemberRefEntry member -> {
        String called = dotted(member.owner().asInternalName()) + "." + member.name().stringValue();
        if (forbiddenMethod.test(called)) {
          found.add("calls " + called);
        }
      }
      case NameAndTypeEntry nameAndType ->
          inspectDescriptor(nameAndType.type().stringValue(), found);
      case MethodTypeEntry methodType ->
          inspectDescriptor(methodType.descriptor().stringValue(), found);
      default -> {}
    }
  }

  private void inspectClassEntry(String internalName, Set<String> found) {
    if (internalName.startsWith("[")) {
      inspectDescriptor(internalName, found);
    } else {
      inspectClassName(dotted(internalName), found);
    }
  }

  private void inspectDescriptor(String descriptor, Set<String> found) {
    Matcher types = CLASS_IN_DESCRIPTOR.matcher(descriptor);
    while (types.find()) {
      inspectClassName(dotted(types.group(1)), found);
    }
  }

  private void inspectClassName(String className, Set<String> found) {
    if (forbiddenClass.test(className)) {
      found.add("uses " + className);
    }
  }

  private static void inspectMonitors(MethodModel method, Set<String> found) {
    String name = method.methodName().stringValue();
    if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
      found.add("has the synchronized method " + name);
    }
    method.code().ifPresent(code -> inspectInstructions(name, code, found));
  }

  private static void inspectInstructions(String method, CodeModel code, Set<String> found) {
    for (CodeElement element : code) {
      if (element instanceof MonitorInstruction) {
        found.add("has a synchronized block in " + method);
      }
    }
  }

  private static Predicate<String> matching(String regex) {
    return Pattern.compile(regex).asMatchPredicate();
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }
}
