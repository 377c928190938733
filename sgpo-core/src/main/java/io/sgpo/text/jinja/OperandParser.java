package io.sgpo.text.jinja;

import static io.sgpo.text.jinja.ExpressionParser.calculation;
import static io.sgpo.text.jinja.ExpressionParser.listOf;

import io.sgpo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses operands: literals, names, and the attributes, calls, filters and tests behind them. */
final class OperandParser {

  private static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int depth;

  OperandParser(Tokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** The arguments of a call, as expressions. */
  @FunctionalInterface
  private interface ArgumentList {
    Arguments in(Frame frame);
  }

  /** An operand with its signs, filters and tests. */
  Expression operand() {
    return unary(true);
  }

  private Expression unary(boolean withFilters) {
    if (++depth > MAX_DEPTH) {
      throw tokens.fault("expressions are nested more than " + MAX_DEPTH + " deep");
    }
    Expression value;
    if (tokens.skipOperator("-")) {
      value = calculation("-", frame -> 0L, unary(false));
    } else if (tokens.skipOperator("+")) {
      value = calculation("+", frame -> 0L, unary(false));
    } else {
      value = postfix(primary());
    }
    depth--;
    return withFilters ? filtered(value) : value;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> constant(strings(token.text()));
      case INTEGER -> constant(integer(token));
      case FLOAT -> constant(Double.parseDouble(token.text().replace("_", "")));
      case OPERATOR -> bracketed(token);
      default -> throw JinjaException.at(token.line(), "expected a value, but found " + token);
    };
  }

  private static Object integer(Token token) {
    try {
      return Long.parseLong(token.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw JinjaException.at(token.line(), "integer out of range: " + token.text());
    }
  }

  private static Expression constant(Object value) {
    return frame -> value;
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(None.NONE);
      default -> frame -> frame.lookup(name);
    };
  }

  /** Adjacent string literals are one. */
  private String strings(String first) {
    StringBuilder text = new StringBuilder(first);
    while (tokens.at(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return text.toString();
  }

  private Expression bracketed(Token open) {
    return switch (open.text()) {
      case "(" -> parenthesised();
      case "[" -> listOf(expressionsUntil("]"));
      case "{" -> dictionary();
      default -> throw JinjaException.at(open.line(), "expected a value, but found " + open);
    };
  }

  private Expression parenthesised() {
    if (tokens.skipOperator(")")) {
      return listOf(List.of());
    }
    Expression inside = expressions.tuple();
    tokens.expectOperator(")");
    return inside;
  }

  private List<Expression> expressionsUntil(String close) {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      elements.add(expressions.condition());
      separator(close);
    }
    return elements;
  }

  private void separator(String close) {
    if (!tokens.skipOperator(",") && !tokens.peek().isOperator(close)) {
      throw tokens.unexpected("\",\" or \"" + close + "\"");
    }
  }

  private Expression dictionary() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!tokens.skipOperator("}")) {
      Expression key = expressions.condition();
      tokens.expectOperator(":");
      entries.put(key, expressions.condition());
      separator("}");
    }
    return frame -> {
      Map<Object, Object> values = new LinkedHashMap<>();
      entries.forEach((key, value) -> values.put(key.in(frame), value.in(frame)));
      return values;
    };
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skipOperator(".")) {
        result = attribute(result);
      } else if (tokens.skipOperator("[")) {
        result = subscript(result);
      } else if (tokens.peek().isOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  private Expression attribute(Expression object) {
    if (tokens.at(Kind.INTEGER)) {
      Object index = integer(tokens.next());
      return frame -> Lookup.item(object.in(frame), index);
    }
    String name = tokens.expect(Kind.NAME).text();
    return frame -> Lookup.attribute(object.in(frame), name, frame.budget());
  }

  private Expression subscript(Expression object) {
    List<Expression> bounds = new ArrayList<>();
    boolean slice = false;
    Expression bound = constant(None.NONE);
    while (!tokens.skipOperator("]")) {
      if (tokens.skipOperator(":")) {
        slice = true;
        bounds.add(bound);
        bound = constant(None.NONE);
      } else {
        bound = expressions.condition();
      }
    }
    Expression last = bound;
    if (!slice) {
      return frame -> Lookup.item(object.in(frame), last.in(frame));
    }
    bounds.add(last);
    if (bounds.size() > 3) {
      throw tokens.fault("a slice has at most three parts");
    }
    Expression step = bounds.size() == 3 ? bounds.get(2) : constant(None.NONE);
    return frame ->
        Lookup.slice(
            object.in(frame), bounds.get(0).in(frame), bounds.get(1).in(frame), step.in(frame));
  }

  private Expression call(Expression callee) {
    ArgumentList arguments = arguments();
    return frame -> {
      frame.budget().step();
      Object function = callee.in(frame);
      if (function instanceof Undefined undefined) {
        throw undefined.refusal();
      }
      if (!(function instanceof Callable callable)) {
        throw new JinjaException(Values.typeName(function) + " cannot be called");
      }
      return callable.call(arguments.in(frame));
    };
  }

  /** Arguments in parentheses. */
  private ArgumentList arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipOperator(")")) {
      if (tokens.at(Kind.NAME) && tokens.peekNext().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expressions.condition());
      } else if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
        throw tokens.fault("unsupported template construct: unpacked arguments");
      } else {
        positional.add(expressions.condition());
      }
      separator(")");
    }
    return frame -> {
      List<Object> values = new ArrayList<>();
      positional.forEach(argument -> values.add(argument.in(frame)));
      Map<String, Object> byName = new LinkedHashMap<>();
      named.forEach((name, argument) -> byName.put(name, argument.in(frame)));
      return new Arguments(values, byName);
    };
  }

  private Expression filtered(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.skipOperator("|")) {
        result = filter(result);
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.peek().isOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  private Expression filter(Expression input) {
    String name = tokens.expect(Kind.NAME).text();
    ArgumentList arguments = tokens.peek().isOperator("(") ? arguments() : frame -> Arguments.NONE;
    return frame -> {
      frame.budget().step();
      return Filters.apply(name, input.in(frame), arguments.in(frame), frame.budget());
    };
  }

  private Expression test(Expression input) {
    boolean negated = tokens.skipName("not");
    String name = tokens.next().text();
    ArgumentList arguments = testArguments();
    return frame -> negated != Tests.apply(name, input.in(frame), arguments.in(frame));
  }

  private ArgumentList testArguments() {
    if (tokens.peek().isOperator("(")) {
      return arguments();
    }
    Token token = tokens.peek();
    boolean value =
        switch (token.kind()) {
          case NAME -> !Set.of("else", "or", "and", "is", "if", "in", "not").contains(token.text());
          case STRING, INTEGER, FLOAT -> true;
          case OPERATOR -> token.text().equals("[") || token.text().equals("{");
          default -> false;
        };
    if (!value) {
      return frame -> Arguments.NONE;
    }
    Expression argument = postfix(primary());
    return frame -> Arguments.of(argument.in(frame));
  }
}
