package io.sgpo.text.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * A parsed template. Values passed in are data: nothing inside them is ever interpreted. Immutable
 * and thread-safe.
 *
 * <p>Values are {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code List}, {@code
 * Map} with string keys, and {@link #NONE}; a variable that is not given is undefined.
 */
public final class JinjaTemplate {

  /** Python's {@code None}. */
  public static final Object NONE = None.NONE;

  /** A function that templates can call with one text. */
  @FunctionalInterface
  public interface TextFunction {
    String apply(String argument);
  }

  private final Statement body;

  private JinjaTemplate(Statement body) {
    this.body = body;
  }

  /**
   * Parses a template.
   *
   * @throws JinjaException for a syntax error or an unsupported statement, with the line
   */
  public static JinjaTemplate parse(String source) {
    try {
      return new JinjaTemplate(new Parser(Lexer.lex(source)).template());
    } catch (StackOverflowError e) {
      throw new JinjaException("the template is nested too deeply");
    }
  }

  /**
   * Renders it.
   *
   * @param variables by name
   * @param functions further functions by name, beside {@code raise_exception}, {@code namespace},
   *     {@code range} and {@code dict}
   * @throws JinjaException if the template raises an exception, uses a construct that is not
   *     supported or a value that does not fit, or exhausts its budget of steps or size
   */
  public String render(Map<String, Object> variables, Map<String, TextFunction> functions) {
    Budget budget = new Budget();
    Map<String, Object> globals = new HashMap<>(Globals.all(budget));
    functions.forEach(
        (name, function) ->
            globals.put(
                name,
                (Callable) arguments -> function.apply(arguments.bind(name, "text").text("text"))));
    Frame frame = new Frame(globals, budget).inner();
    variables.forEach(frame::set);
    StringBuilder out = new StringBuilder();
    try {
      body.run(frame.inner(), out);
    } catch (StackOverflowError e) {
      throw new JinjaException("the template is nested too deeply");
    }
    return out.toString();
  }
}
