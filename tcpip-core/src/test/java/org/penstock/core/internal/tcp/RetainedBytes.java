package org.penstock.core.internal.tcp;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.hash.FlowEntry;

/**
 * How many bytes of heap an object keeps alive: itself and what it refers to, of the core's own
 * classes and arrays but not its user, with the sizes that a JVM with compressed references gives
 * them.
 */
final class RetainedBytes {

  private static final int HEADER = 12;
  private static final int REFERENCE = 4;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> open = new ArrayDeque<>();
  private long bytes;

  private RetainedBytes(Object... shared) {
    Collections.addAll(seen, shared);
  }

  /** What a root keeps, not counting objects that others keep as well. */
  static long of(Object root, Object... shared) {
    RetainedBytes count = new RetainedBytes(shared);
    count.open.push(root);
    while (!count.open.isEmpty()) {
      count.look(count.open.pop());
    }
    return count.bytes;
  }

  private void found(Object object) {
    if (object == null || object instanceof Enum || object instanceof TcpUser) {
      return;
    }
    if (object instanceof FlowEntry) {
      // Others of the table, which it is linked with and does not keep.
      return;
    }
    boolean ours = object.getClass().getName().startsWith("org.penstock");
    if ((ours || object.getClass().isArray()) && seen.add(object)) {
      open.push(object);
    }
  }

  private void look(Object object) {
    Class<?> type = object.getClass();
    long size = HEADER;
    if (type.isArray()) {
      int length = Array.getLength(object);
      size = HEADER + 4 + (long) length * size(type.getComponentType());
      if (!type.getComponentType().isPrimitive()) {
        for (int i = 0; i < length; i++) {
          found(Array.get(object, i));
        }
      }
    }
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          size += size(field.getType());
          if (!field.getType().isPrimitive()) {
            found(value(field, object));
          }
        }
      }
    }
    bytes += (size + 7) & ~7;
  }

  private static Object value(Field field, Object of) {
    try {
      field.setAccessible(true);
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static int size(Class<?> type) {
    if (!type.isPrimitive()) {
      return REFERENCE;
    }
    if (type == long.class || type == double.class) {
      return 8;
    }
    if (type == int.class || type == float.class) {
      return 4;
    }
    return type == short.class || type == char.class ? 2 : 1;
  }
}
