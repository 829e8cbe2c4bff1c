package org.penstock.shell.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.shell.internal.CommandException;

/** URLs. */
class HttpUrlTest {

  @ParameterizedTest
  @CsvSource({
    "http://192.0.2.2, 192.0.2.2:80, 192.0.2.2, /",
    "http://192.0.2.2:8080/a%20b?c=d, 192.0.2.2:8080, 192.0.2.2:8080, /a%20b?c=d",
    "192.0.2.2/x, 192.0.2.2:80, 192.0.2.2, /x",
    "http://192.0.2.2/#part, 192.0.2.2:80, 192.0.2.2, /",
    "'http://[2001:db8::1]:81/', '[2001:db8::1]:81', '[2001:db8::1]:81', /"
  })
  void areReadFrom(String text, String address, String authority, String target) {
    HttpUrl url = HttpUrl.parse(text);

    assertThat(url.address()).hasToString(address);
    assertThat(url.authority()).isEqualTo(authority);
    assertThat(url.target()).isEqualTo(target);
  }

  @Test
  void whatCantBeFetchedIsSaid() {
    assertThatThrownBy(() -> HttpUrl.parse("https://192.0.2.2/"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("only http");
    assertThatThrownBy(() -> HttpUrl.parse("http://host.example/"))
        .hasMessageContaining("names are not resolved");
    assertThatThrownBy(() -> HttpUrl.parse("http://192.0.2.2:99999/"))
        .hasMessageContaining("99999");
    assertThatThrownBy(() -> HttpUrl.parse("http:///x")).isInstanceOf(CommandException.class);
    assertThatThrownBy(() -> HttpUrl.parse("http://192.0.2.2/a b"))
        .isInstanceOf(CommandException.class);
  }
}
