package org.penstock.shell.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables. */
class LayoutTest {

  private record Row(String name, long value, String note) {}

  private static final Layout<Row> LAYOUT =
      Layout.of(
          Column.text("NAME", Row::name),
          Column.number("VALUE", Row::value),
          Column.text("NOTE", Row::note));

  @Test
  void columnsAreAlignedAndNothingTrails() {
    Rows<Row> rows =
        new Rows<>(List.of(new Row("a", 1, "x"), new Row("longer", 1000000, "")), LAYOUT, "none");

    assertThat(rows.text())
        .isEqualTo(
            """
            NAME      VALUE  NOTE
            a             1  x
            longer  1000000  -\
            """);
    assertThat(rows).hasSize(2).first().isEqualTo(new Row("a", 1, "x"));
  }

  @Test
  void sectionsHaveTitlesAlsoWithoutRows() {
    Sections<Row> sections =
        new Sections<Row>()
            .with("ONE", new Rows<>(List.of(new Row("a", 1, "x")), LAYOUT, "none"))
            .with("TWO", new Rows<>(List.of(), LAYOUT, "none"));

    assertThat(sections.text())
        .isEqualTo(
            """
            ONE
              NAME  VALUE  NOTE
              a         1  x

            TWO
              none\
            """);
    assertThat(sections).containsExactly(new Row("a", 1, "x"));
  }
}
