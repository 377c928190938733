package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with the whitespace rules that Hugging Face renders chat templates
 * by: {@code trim_blocks} (the newline after a block tag is dropped) and {@code lstrip_blocks} (so
 * is the blank start of a line before one), each overridden by {@code -} and {@code +} in the tag.
 */
final class Lexer {

  private static final Pattern OPENING = Pattern.compile("\\{[%{#]");
  private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{Mn}_]*");
  private static final Pattern FLOAT =
      Pattern.compile("\\d+(?:_\\d+)*(?:\\.\\d+(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)");
  private static final Pattern INTEGER = Pattern.compile("\\d+(?:_\\d+)*");
  private static final Pattern STRING =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether the last tag ended its line, so that what follows starts one. */
  private boolean startsLine = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> lex(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    String source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    Matcher opening = OPENING.matcher(source);
    while (at < source.length()) {
      if (!opening.find(at)) {
        add(Kind.DATA, source.substring(at));
        break;
      }
      data(opening.start(), source.charAt(opening.start() + 1) == '{');
      tag(source.charAt(at + 1));
    }
    add(Kind.END, "");
  }

  /** The text before a tag, with its end cut as the tag's sign and the rules ask. */
  private void data(int end, boolean beforeOutput) {
    String text = source.substring(at, end);
    char sign = end + 2 < source.length() ? source.charAt(end + 2) : ' ';
    add(Kind.DATA, cutEnd(text, sign, beforeOutput));
    line += newlines(text);
    at = end;
  }

  private String cutEnd(String text, char sign, boolean beforeOutput) {
    if (sign == '-') {
      return PythonText.rstrip(text);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean blank =
        lineStart < text.length() && PythonText.rstrip(text.substring(lineStart)).isEmpty();
    boolean strips = !beforeOutput && sign != '+' && (lineStart > 0 || startsLine) && blank;
    return strips ? text.substring(0, lineStart) : text;
  }

  private void tag(char kind) {
    if (kind == '#') {
      comment();
      return;
    }
    Matcher raw = RAW.matcher(source).region(at, source.length());
    if (kind == '%' && raw.lookingAt()) {
      raw(raw);
      return;
    }
    add(kind == '%' ? Kind.BLOCK_BEGIN : Kind.OUTPUT_BEGIN, kind == '%' ? "{%" : "{{");
    at += 2;
    if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
      at++;
    }
    inside(kind == '%' ? "%}" : "}}");
  }

  private void comment() {
    int end = source.indexOf("#}", at + 2);
    if (end < 0) {
      throw JinjaException.at(line, "a comment is not closed");
    }
    line += newlines(source.substring(at, end));
    char sign = source.charAt(end - 1);
    at = end;
    close("#}", sign);
  }

  private void raw(Matcher begin) {
    Matcher end = END_RAW.matcher(source);
    int from = begin.end();
    if (!end.find(from)) {
      throw JinjaException.at(line, "raw is not closed");
    }
    String text = source.substring(from, end.start());
    line += newlines(source.substring(at, end.start()));
    if (!begin.group(1).isEmpty()) {
      text = PythonText.lstrip(text);
    }
    startsLine = false;
    add(Kind.DATA, cutEnd(text, end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0), false));
    at = end.end() - 2;
    close("%}", end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0));
  }

  /** Passes the closing delimiter at the current position and the whitespace it swallows. */
  private void close(String delimiter, char sign) {
    int end = at + delimiter.length();
    if (sign == '-') {
      while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
        end++;
      }
    } else if (sign != '+' && !delimiter.equals("}}") && source.startsWith("\n", end)) {
      end++;
    }
    line += newlines(source.substring(at, end));
    startsLine = source.charAt(end - 1) == '\n';
    at = end;
  }

  private void inside(String delimiter) {
    Deque<Character> open = new ArrayDeque<>();
    int begin = line;
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw JinjaException.at(begin, "a tag is not closed by " + delimiter);
      }
      if (open.isEmpty() && closes(delimiter)) {
        return;
      }
      token(open);
    }
  }

  private boolean closes(String delimiter) {
    char sign = source.charAt(at);
    boolean signed =
        (sign == '-' || (sign == '+' && delimiter.equals("%}")))
            && source.startsWith(delimiter, at + 1);
    if (!signed && !source.startsWith(delimiter, at)) {
      return false;
    }
    add(delimiter.equals("%}") ? Kind.BLOCK_END : Kind.OUTPUT_END, delimiter);
    at += signed ? 1 : 0;
    close(delimiter, signed ? sign : ' ');
    return true;
  }

  private void token(Deque<Character> open) {
    if (matches(NAME, Kind.NAME) || matches(FLOAT, Kind.FLOAT) || matches(INTEGER, Kind.INTEGER)) {
      return;
    }
    Matcher string = STRING.matcher(source).region(at, source.length());
    if (string.lookingAt()) {
      String literal = string.group();
      add(Kind.STRING, PythonText.unescape(literal.substring(1, literal.length() - 1)));
      line += newlines(literal);
      at = string.end();
      return;
    }
    if (!matches(OPERATOR, Kind.OPERATOR)) {
      throw JinjaException.at(
          line, "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }
    balance(open, tokens.get(tokens.size() - 1).text().charAt(0));
  }

  private void balance(Deque<Character> open, char operator) {
    int closer = "([{".indexOf(operator);
    if (closer >= 0) {
      open.push(")]}".charAt(closer));
    } else if (")]}".indexOf(operator) >= 0 && (open.isEmpty() || open.pop() != operator)) {
      throw JinjaException.at(line, "unexpected '" + operator + "'");
    }
  }

  private boolean matches(Pattern pattern, Kind kind) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    at = matcher.end();
    return true;
  }

  private void skipSpace() {
    while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
      line += source.charAt(at) == '\n' ? 1 : 0;
      at++;
    }
  }

  private void add(Kind kind, String text) {
    if (kind != Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, line));
    }
  }

  private static int newlines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }
}
