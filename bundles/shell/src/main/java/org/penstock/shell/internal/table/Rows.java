package org.penstock.shell.internal.table;

import java.util.AbstractList;
import java.util.List;
import org.penstock.shell.internal.Report;

/**
 * Rows that know how they are shown: an unmodifiable list for scripts, a table for people.
 *
 * @param <R> what a row shows, a record
 */
public final class Rows<R> extends AbstractList<R> implements Report {

  private final List<R> rows;
  private final Layout<R> layout;
  private final String whenEmpty;

  /**
   * Rows.
   *
   * @param whenEmpty the text when there is none, such as {@code no neighbours}
   */
  public Rows(List<R> rows, Layout<R> layout, String whenEmpty) {
    this.rows = List.copyOf(rows);
    this.layout = layout;
    this.whenEmpty = whenEmpty;
  }

  @Override
  public R get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public String text() {
    return rows.isEmpty() ? whenEmpty : layout.format(rows);
  }
}
