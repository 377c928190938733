package io.sgpo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.testing.Refusals;
import io.sgpo.text.jinja.JinjaException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class StrftimeTest {

  private static final ZonedDateTime TIME =
      ZonedDateTime.of(2026, 1, 2, 15, 4, 5, 0, ZoneOffset.UTC);

  @Test
  void directivesOfTemplates() {
    assertEquals("02 Jan 2026", Strftime.format("%d %b %Y", TIME));
    assertEquals("Friday, January 2, 26", Strftime.format("%A, %B %-d, %y", TIME));
    assertEquals("2026-01-02 15:04:05", Strftime.format("%Y-%m-%d %H:%M:%S", TIME));
    assertEquals("03 PM 002 100%", Strftime.format("%I %p %j 100%%", TIME));
  }

  @Test
  void otherDirectivesAreRefusedByName() {
    Refusals.assertNames(JinjaException.class, () -> Strftime.format("%c", TIME), "%c");
    Refusals.assertNames(JinjaException.class, () -> Strftime.format("%", TIME), "%");
  }
}
