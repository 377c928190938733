package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Token.Kind;
import java.util.List;

/** A position in a list of tokens, of which the last is {@link Kind#END}. */
final class Tokens {

  private final List<Token> tokens;
  private int at;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  boolean at(Kind kind) {
    return peek().kind() == kind;
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  Token expect(Kind kind) {
    if (!at(kind)) {
      throw unexpected("a token of kind " + kind);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("\"" + operator + "\"");
    }
  }

  boolean skipOperator(String operator) {
    return skip(peek().isOperator(operator));
  }

  boolean skipName(String name) {
    return skip(peek().isName(name));
  }

  private boolean skip(boolean matches) {
    at += matches ? 1 : 0;
    return matches;
  }

  JinjaException unexpected(String wanted) {
    return fault("expected " + wanted + ", but found " + peek());
  }

  JinjaException fault(String message) {
    return JinjaException.at(peek().line(), message);
  }
}
