package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses expressions by recursive descent, in the order of precedence of Jinja 2; the operands
 * between operators are parsed by {@link OperandParser}.
 */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private final OperandParser operands;
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
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

  static Expression listOf(List<Expression> elements) {
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
    Expression base = operands.operand();
    if (tokens.peek().isOperator("**")) {
      throw tokens.fault("unsupported template construct: operator **");
    }
    return base;
  }

  static Expression calculation(String operator, Expression left, Expression right) {
    return frame -> Operators.calculate(operator, left.in(frame), right.in(frame), frame.budget());
  }
}
