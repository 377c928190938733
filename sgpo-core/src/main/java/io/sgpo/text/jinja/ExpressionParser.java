package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Parses expressions by recursive descent, in the order of precedence of Jinja 2. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** An expression, or several with commas between them. */
  Expression tuple() {
    Expression first = condition();
    return tokens.peek().isOperator(",") ? tuple(first) : first;
  }

  /** As {@link #tuple}, but an {@code if} that follows is not part of it. */
  Expression tupleWithoutCondition() {
    Expression first = or();
    return tokens.peek().isOperator(",") ? tuple(first) : first;
  }

  private Expression tuple(Expression first) {
    List<Expression> elements = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTuple()) {
      elements.add(condition());
    }
    return listOf(elements);
  }

  private boolean endsTuple() {
    return tokens.at(Kind.BLOCK_END) || tokens.at(Kind.OUTPUT_END) || tokens.peek().isOperator(")");
  }

  private static Expression listOf(List<Expression> elements) {
    return frame -> {
      List<Object> values = new ArrayList<>(elements.size());
      elements.forEach(element -> values.add(element.in(frame)));
      return values;
    };
  }

  /** An expression with its conditionals: {@code a if b else c}. */
  Expression condition() {
    if (++depth > MAX_DEPTH) {
      throw tokens.fault("expressions are nested more than " + MAX_DEPTH + " deep");
    }
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression then = value;
      Expression test = or();
      Expression otherwise =
          tokens.skipName("else")
              ? condition()
              : frame -> new Undefined("the inline if without else");
      value = frame -> Values.truth(test.in(frame)) ? then.in(frame) : otherwise.in(frame);
    }
    depth--;
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      Expression first = left;
      Expression second = and();
      left =
          frame -> {
            Object value = first.in(frame);
            return Values.truth(value) ? value : second.in(frame);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      Expression first = left;
      Expression second = not();
      left =
          frame -> {
            Object value = first.in(frame);
            return Values.truth(value) ? second.in(frame) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (tokens.peek().isName("not") && !tokens.peekNext().isName("in")) {
      tokens.next();
      if (++depth > MAX_DEPTH) {
        throw tokens.fault("expressions are nested more than " + MAX_DEPTH + " deep");
      }
      Expression negated = not();
      depth--;
      return frame -> !Values.truth(negated.in(frame));
    }
    return comparison();
  }

  /** Comparisons chain: {@code a < b < c} is {@code a < b and b < c}. */
  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (true) {
      String operator = comparisonOperator();
      if (operator.isEmpty()) {
        return operators.isEmpty() ? first : comparison(operators, operands);
      }
      operators.add(operator);
      operands.add(sum());
    }
  }

  private String comparisonOperator() {
    Token token = tokens.peek();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.peekNext().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return "";
  }

  private static Expression comparison(List<String> operators, List<Expression> operands) {
    return frame -> {
      Object left = operands.get(0).in(frame);
      for (int i = 0; i < operators.size(); i++) {
        Object right = operands.get(i + 1).in(frame);
        if (!Operators.compare(operators.get(i), left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      left = calculation(tokens.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.skipOperator("~")) {
      left = calculation("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (Set.of("*", "/", "//", "%").contains(tokens.peek().text()) && tokens.at(Kind.OPERATOR)) {
      left = calculation(tokens.next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression base = unary(true);
    if (tokens.peek().isOperator("**")) {
      throw tokens.fault("unsupported template construct: operator **");
    }
    return base;
  }

  private static Expression calculation(String operator, Expression left, Expression right) {
    return frame -> Operators.calculate(operator, left.in(frame), right.in(frame), frame.budget());
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
    Expression inside = tuple();
    tokens.expectOperator(")");
    return inside;
  }

  private List<Expression> expressionsUntil(String close) {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      elements.add(condition());
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
      Expression key = condition();
      tokens.expectOperator(":");
      entries.put(key, condition());
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
        bound = condition();
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
    BiFunction<Frame, List<Object>, Arguments> arguments = arguments();
    return frame -> {
      frame.budget().step();
      Object function = callee.in(frame);
      if (function instanceof Undefined undefined) {
        throw undefined.refusal();
      }
      if (!(function instanceof Callable callable)) {
        throw new JinjaException(Values.typeName(function) + " cannot be called");
      }
      return callable.call(arguments.apply(frame, List.of()));
    };
  }

  /** Arguments in parentheses; the given values come before them. */
  private BiFunction<Frame, List<Object>, Arguments> arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipOperator(")")) {
      if (tokens.at(Kind.NAME) && tokens.peekNext().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, condition());
      } else if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
        throw tokens.fault("unsupported template construct: unpacked arguments");
      } else {
        positional.add(condition());
      }
      separator(")");
    }
    return (frame, before) -> {
      List<Object> values = new ArrayList<>(before);
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
    BiFunction<Frame, List<Object>, Arguments> arguments =
        tokens.peek().isOperator("(") ? arguments() : (frame, before) -> Arguments.NONE;
    return frame -> {
      frame.budget().step();
      return Filters.apply(
          name, input.in(frame), arguments.apply(frame, List.of()), frame.budget());
    };
  }

  private Expression test(Expression input) {
    boolean negated = tokens.skipName("not");
    String name = tokens.next().text();
    BiFunction<Frame, List<Object>, Arguments> arguments = testArguments();
    return frame ->
        negated != Tests.apply(name, input.in(frame), arguments.apply(frame, List.of()));
  }

  private BiFunction<Frame, List<Object>, Arguments> testArguments() {
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
      return (frame, before) -> Arguments.NONE;
    }
    Expression argument = postfix(primary());
    return (frame, before) -> Arguments.of(argument.in(frame));
  }
}
