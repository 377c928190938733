package io.sgpo.figure;

import java.util.Locale;

/**
 * Lines that are told apart by colour and by dashes. The colours are those of Okabe and Ito, which
 * colour-blind readers tell apart; each has a darker shade for light and a lighter one for dark
 * backgrounds.
 */
public enum Style {
  INK("#1f2328", "#e6edf3", ""),
  BLUE("#0072b2", "#56b4e9", ""),
  ORANGE("#b34700", "#ff9d4d", "7 3"),
  GREEN("#00795a", "#2fc79d", "2 3"),
  PURPLE("#a3468a", "#e59ac8", "9 3 2 3"),
  FAINT("#6e7781", "#9aa4af", "4 4");

  private final String light;
  private final String dark;
  private final String dashes;

  Style(String light, String dark, String dashes) {
    this.light = light;
    this.dark = dark;
    this.dashes = dashes;
  }

  /** The class of a line in this style. */
  String line() {
    return "line " + key();
  }

  /** The class of a dot in this style. */
  String dot() {
    return "dot " + key();
  }

  /** The class of an area in this style. */
  String area() {
    return "area " + key();
  }

  private String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The style sheet of all figures: it follows the reader's preference of light or dark. */
  public static String sheet() {
    StringBuilder sheet =
        new StringBuilder(
            """
            text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
            .title { font-size: 13px; font-weight: 600; }
            .quiet { fill: #57606a; }
            .middle { text-anchor: middle; }
            .end { text-anchor: end; }
            .paper { fill: #ffffff; }
            .grid { stroke: #d8dee4; stroke-width: 1; }
            .axis { stroke: #57606a; stroke-width: 1; }
            .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
            """);
    for (Style style : values()) {
      sheet.append(style.rules(style.light));
      if (!style.dashes.isEmpty()) {
        sheet.append(".line.%s { stroke-dasharray: %s; }\n".formatted(style.key(), style.dashes));
      }
    }
    sheet.append(
        """
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .quiet { fill: #9aa4af; }
        .paper { fill: #0d1117; }
        .grid { stroke: #30363d; }
        .axis { stroke: #9aa4af; }
        """);
    for (Style style : values()) {
      sheet.append(style.rules(style.dark));
    }
    return sheet.append("}\n").toString();
  }

  /** What areas and thin lines need beyond {@link #sheet}; after it. */
  public static String areas() {
    StringBuilder sheet =
        new StringBuilder(
            ".area { fill-opacity: 0.18; }\n.line.faint { stroke-width: 1; }\n.line.thin { stroke-dasharray: none; }\n");
    for (Style style : values()) {
      sheet.append(".area.%s { fill: %s; }\n".formatted(style.key(), style.light));
    }
    sheet.append("@media (prefers-color-scheme: dark) {\n");
    for (Style style : values()) {
      sheet.append(".area.%s { fill: %s; }\n".formatted(style.key(), style.dark));
    }
    return sheet.append("}\n").toString();
  }

  private String rules(String colour) {
    return ".line.%1$s { stroke: %2$s; } .dot.%1$s { fill: %2$s; }\n".formatted(key(), colour);
  }
}
