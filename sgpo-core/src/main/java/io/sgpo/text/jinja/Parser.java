package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Statement.Exit;
import io.sgpo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses statements; expressions are parsed by {@link ExpressionParser}. */
final class Parser {

  private static final int MAX_DEPTH = 100;

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int depth;

  Parser(List<Token> tokens) {
    this.tokens = new Tokens(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  Statement template() {
    Statement body = block(Set.of());
    if (!tokens.at(Kind.END)) {
      throw tokens.unexpected("a statement");
    }
    return body;
  }

  /** Statements up to a block tag of one of the given names, whose name is then current. */
  private Statement block(Set<String> ends) {
    if (++depth > MAX_DEPTH) {
      throw tokens.fault("blocks are nested more than " + MAX_DEPTH + " deep");
    }
    List<Statement> statements = new ArrayList<>();
    while (!tokens.at(Kind.END)) {
      Token token = tokens.next();
      if (token.kind() == Kind.DATA) {
        statements.add(Statement.text(token.text()));
      } else if (token.kind() == Kind.OUTPUT_BEGIN) {
        statements.add(Statement.output(expressions.tuple()));
        tokens.expect(Kind.OUTPUT_END);
      } else if (ends.contains(tokens.peek().text())) {
        break;
      } else {
        statements.add(statement());
      }
    }
    if (tokens.at(Kind.END) && !ends.isEmpty()) {
      throw tokens.fault("the template ends where one of " + ends + " is expected");
    }
    depth--;
    return Statement.sequence(statements);
  }

  private Statement statement() {
    Token name = tokens.expect(Kind.NAME);
    return switch (name.text()) {
      case "for" -> loop();
      case "if" -> conditional();
      case "set" -> assignment();
      case "macro" -> macro();
      case "generation" -> generation();
      case "break" -> closed((frame, out) -> Exit.BREAK);
      case "continue" -> closed((frame, out) -> Exit.CONTINUE);
      default ->
          throw JinjaException.at(
              name.line(), "unsupported template construct: statement \"" + name.text() + "\"");
    };
  }

  /** The part of the text that the assistant generates; it is rendered like any other. */
  private Statement generation() {
    tokens.expect(Kind.BLOCK_END);
    Statement body = block(Set.of("endgeneration"));
    endOf("generation");
    return body;
  }

  private Statement closed(Statement statement) {
    tokens.expect(Kind.BLOCK_END);
    return statement;
  }

  private void endOf(String statement) {
    Token end = tokens.next();
    if (!end.isName("end" + statement)) {
      throw JinjaException.at(end.line(), "expected end" + statement + ", but found " + end);
    }
    tokens.expect(Kind.BLOCK_END);
  }

  private Statement conditional() {
    Expression test = expressions.condition();
    tokens.expect(Kind.BLOCK_END);
    Statement then = block(Set.of("elif", "else", "endif"));
    Statement otherwise = alternative();
    return (frame, out) -> (Values.truth(test.in(frame)) ? then : otherwise).run(frame, out);
  }

  private Statement alternative() {
    if (tokens.skipName("elif")) {
      return conditional();
    }
    Statement otherwise = Statement.sequence(List.of());
    if (tokens.skipName("else")) {
      tokens.expect(Kind.BLOCK_END);
      otherwise = block(Set.of("endif"));
    }
    endOf("if");
    return otherwise;
  }

  private Statement loop() {
    Target target = targets();
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("\"in\"");
    }
    Expression items = expressions.tupleWithoutCondition();
    Expression filter = tokens.skipName("if") ? expressions.condition() : frame -> true;
    if (tokens.peek().isName("recursive")) {
      throw tokens.fault("unsupported template construct: recursive loop");
    }
    tokens.expect(Kind.BLOCK_END);
    Statement body = block(Set.of("else", "endfor"));
    Statement otherwise = Statement.sequence(List.of());
    if (tokens.skipName("else")) {
      tokens.expect(Kind.BLOCK_END);
      otherwise = block(Set.of("endfor"));
    }
    endOf("for");
    return new Loop(target, items, filter, body, otherwise);
  }

  /** Names to assign to, one or several. */
  private Target targets() {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    do {
      targets.add(target());
      several |= tokens.peek().isOperator(",");
    } while (tokens.skipOperator(",") && tokens.at(Kind.NAME) && !tokens.peek().isName("in"));
    return several ? Target.unpacking(targets) : targets.get(0);
  }

  private Target target() {
    if (tokens.skipOperator("(")) {
      Target inner = targets();
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expect(Kind.NAME).text();
    if (tokens.skipOperator(".")) {
      return Target.attribute(name, tokens.expect(Kind.NAME).text());
    }
    return (frame, value) -> frame.set(name, value);
  }

  private Statement assignment() {
    Target target = targets();
    if (tokens.skipOperator("=")) {
      Expression value = expressions.tuple();
      tokens.expect(Kind.BLOCK_END);
      return (frame, out) -> {
        target.assign(frame, value.in(frame));
        return Exit.NORMAL;
      };
    }
    if (tokens.peek().isOperator("|")) {
      throw tokens.fault("unsupported template construct: set block with a filter");
    }
    tokens.expect(Kind.BLOCK_END);
    Statement body = block(Set.of("endset"));
    endOf("set");
    return (frame, out) -> {
      StringBuilder text = new StringBuilder();
      body.run(frame.inner(), text);
      target.assign(frame, text.toString());
      return Exit.NORMAL;
    };
  }

  private Statement macro() {
    String name = tokens.expect(Kind.NAME).text();
    Map<String, Expression> parameters = new LinkedHashMap<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String parameter = tokens.expect(Kind.NAME).text();
      Expression otherwise =
          tokens.skipOperator("=") ? expressions.condition() : frame -> new Undefined(parameter);
      parameters.put(parameter, otherwise);
      if (!tokens.skipOperator(",") && !tokens.peek().isOperator(")")) {
        throw tokens.unexpected("\",\" or \")\"");
      }
    }
    tokens.expect(Kind.BLOCK_END);
    Statement body = block(Set.of("endmacro"));
    endOf("macro");
    return (frame, out) -> {
      frame.set(name, (Callable) arguments -> call(name, parameters, body, frame, arguments));
      return Exit.NORMAL;
    };
  }

  private static Object call(
      String name,
      Map<String, Expression> parameters,
      Statement body,
      Frame definition,
      Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, parameters.keySet().toArray(new String[0]));
    Frame frame = definition.inner();
    parameters.forEach(
        (parameter, otherwise) -> {
          Object given = bound.values().get(parameter);
          frame.set(parameter, given == null ? otherwise.in(frame) : given);
        });
    frame.budget().enter();
    StringBuilder text = new StringBuilder();
    body.run(frame, text);
    frame.budget().leave();
    return text.toString();
  }
}
