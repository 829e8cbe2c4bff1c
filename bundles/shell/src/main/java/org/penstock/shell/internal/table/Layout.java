package org.penstock.shell.internal.table;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * How rows are shown: a heading, and a line for each row, the columns two blanks apart.
 *
 * @param <R> what a row shows
 * @param columns its columns
 */
public record Layout<R>(List<Column<R>> columns) {

  private static final String GAP = "  ";

  /** Of these columns. */
  @SafeVarargs
  public static <R> Layout<R> of(Column<R>... columns) {
    return new Layout<>(List.of(columns));
  }

  /** The table; no line has blanks at its end. */
  public String format(List<? extends R> rows) {
    List<String[]> lines = new ArrayList<>();
    lines.add(columns.stream().map(Column::title).toArray(String[]::new));
    for (R row : rows) {
      lines.add(columns.stream().map(column -> shown(column, row)).toArray(String[]::new));
    }
    int[] widths = new int[columns.size()];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    StringJoiner text = new StringJoiner("\n");
    for (String[] line : lines) {
      text.add(joined(line, widths));
    }
    return text.toString();
  }

  private static <R> String shown(Column<R> column, R row) {
    String text = column.cell().apply(row);
    return text.isEmpty() ? "-" : text;
  }

  private String joined(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String blanks = " ".repeat(widths[i] - cells[i].length());
      line.append(i == 0 ? "" : GAP);
      if (columns.get(i).right()) {
        line.append(blanks).append(cells[i]);
      } else {
        line.append(cells[i]).append(blanks);
      }
    }
    return line.toString().stripTrailing();
  }
}
