package org.penstock.shell.internal.table;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.penstock.shell.internal.Report;

/**
 * Rows shown as several tables below each other, each with its title. For scripts it is one list.
 *
 * @param <R> what a row shows, a record
 */
public final class Sections<R> extends AbstractList<R> implements Report {

  private record Section<R>(String title, Rows<R> rows) {}

  private final List<Section<R>> sections = new ArrayList<>();
  private final List<R> all = new ArrayList<>();

  /** None so far. */
  public Sections() {}

  /** Adds a table at the end. */
  public Sections<R> with(String title, Rows<R> rows) {
    sections.add(new Section<>(title, rows));
    all.addAll(rows);
    return this;
  }

  @Override
  public R get(int index) {
    return all.get(index);
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public String text() {
    StringJoiner text = new StringJoiner("\n\n");
    for (Section<R> section : sections) {
      String indented = "  " + section.rows().text().replace("\n", "\n  ");
      text.add(section.title() + "\n" + indented);
    }
    return text.toString();
  }
}
