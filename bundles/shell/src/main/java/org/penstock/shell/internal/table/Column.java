package org.penstock.shell.internal.table;

import java.util.function.Function;

/**
 * A column of a table.
 *
 * @param <R> what a row shows
 * @param title its heading
 * @param right true for numbers, whose last digits stand below each other
 * @param cell the text of a row's cell; an empty one is shown as {@code -}
 */
public record Column<R>(String title, boolean right, Function<? super R, String> cell) {

  /** A column of texts. */
  public static <R> Column<R> text(String title, Function<? super R, ?> value) {
    return new Column<>(title, false, row -> String.valueOf(value.apply(row)));
  }

  /** A column of numbers, units included. */
  public static <R> Column<R> number(String title, Function<? super R, ?> value) {
    return new Column<>(title, true, row -> String.valueOf(value.apply(row)));
  }
}
