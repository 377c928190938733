package io.sgpo.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sgpo.testing.Refusals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are those of Jinja2 3.1 with trim_blocks, lstrip_blocks and loop controls. */
class JinjaTemplateTest {

  private static String render(String template) {
    return render(template, Map.of());
  }

  private static String render(String template, Map<String, Object> variables) {
    return JinjaTemplate.parse(template).render(variables, Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "1 + 2 * 3 § 7",
        "'3.7' | int, '1e3' | int, ' -2 ' | int, '1_0' | int, '+.5e1' | int § [3, 1000, -2, 10, 5]",
        "'x' | int, '' | int, 'inf' | int, 'nan' | int(4), '0x10' | int, '1__0' | int, '1d' | int §"
            + " [0, 0, 0, 4, 0, 0, 0]",
        "'a\\nb\\r\\nc\\rd\\n'.splitlines() § ['a', 'b', 'c', 'd']",
        "'a\\u000bb\\u000cc\\x1cd\\x1de\\x1ef\\x85g\\u2028h\\u2029i\\x1fj'.splitlines() | length §"
            + " 9",
        "'\\n\\n'.splitlines(), ''.splitlines() § [['', ''], []]",
        "(1 + 2) * 3 § 9",
        "7 // 2, -7 // 2, 7 % 3, -7 % 3 § [3, -4, 1, 2]",
        "7 / 2 § 3.5",
        "1e16 § 1e+16",
        "0.1 + 0.2 § 0.30000000000000004",
        "true + 1 § 2",
        "1 == 1.0 § True",
        "'a' ~ 1 ~ none § a1None",
        "'a' + 'b' | upper § aB",
        "'ab' * 2 § abab",
        "1 < 2 < 3, 1 < 3 < 2 § [True, False]",
        "not 1 == 2 § True",
        "'b' in 'abc', 'd' not in 'abc' § [True, True]",
        "'x' in {'x': 1} § True",
        "'yes' if 0 else 'no' § no",
        "'yes' if 0 § ''",
        "none or 'x' § x",
        "0 and x.y § 0",
        "[1, 2, 3][::-1] § [3, 2, 1]",
        "[1, 2, 3, 4][1:-1] § [2, 3]",
        "[1, 2, 3, 4][::2], [1, 2, 3, 4][-1:0:-2] § [[1, 3], [4, 2]]",
        "[1, 2][5:] § []",
        "'hello'[1:3], 'hello'[-1] § ['el', 'o']",
        "' x '.strip() ~ '|' ~ 'xxa'.lstrip('x') ~ '|' ~ 'abb'.rstrip('b') § x|a|a",
        "'a,b,c'.split(',')[-1] § c",
        "'a,b,c'.split(',', 1) § ['a', 'b,c']",
        "'a,b,c'.rsplit(',', 1) § ['a,b', 'c']",
        "' a  b '.split() § ['a', 'b']",
        "'abc'.startswith('ab') and 'abc'.endswith(('x', 'c')) § True",
        "'a-b'.replace('-', '+') § a+b",
        "{'a': 1}.items() | list § [['a', 1]]",
        "{'a': 1}.get('b', 2) § 2",
        "{'a': 1}.get('b') is none § True",
        "[3, 1, 2] | sort | join('-') § 1-2-3",
        "[{'n': 1}, {'n': 2}] | map(attribute='n') | list § [1, 2]",
        "['a', 'b'] | map('upper') | join § AB",
        "[1, 2, 3] | select('odd') | list § [1, 3]",
        "[{'r': 'u'}, {'r': 'a'}] | selectattr('r', 'equalto', 'u') | list | length § 1",
        "[{'r': 'u'}, {'r': 'a'}] | rejectattr('r', 'eq', 'u') | first § {'r': 'a'}",
        "{'a': [1, true, none, 'x\"\u00e9<']} | tojson § {\"a\": [1, true, null,"
            + " \"x\\\"\u00e9<\"]}",
        "x is defined, x is not defined, none is none § [False, True, True]",
        "5 is divisibleby 5 and 4 is even § True",
        "x | default('d'), '' | default('e', true) § ['d', 'e']",
        "x | length § 0",
        "'a' 'b' § ab",
        "range(3) | list, range(5, 0, -2) | list § [[0, 1, 2], [5, 3, 1]]",
        "'\\u00e9\\x41\\n'.strip() § \u00e9A",
        "-3 | abs § 3",
        "'a\nb' | indent(2) § 'a\n  b'",
        "\"it's\" in [\"it's\"], [\"it's\"] § [True, [\"it's\"]]",
      })
  void expression(String expression, String expected) {
    String unquoted = expected.startsWith("'") ? expected.replaceAll("^'|'$", "") : expected;
    assertEquals(unquoted, render("{{ " + expression + " }}"));
  }

  @Test
  void whitespaceOfBlocks() {
    assertEquals("a\nb", render("a\n  {% if true %}\nb\n{% endif %}\n").strip());
    assertEquals("x\n", render("  {% if true %}\nx\n  {% endif %}\n"));
    assertEquals("  x", render("  {%+ if true %}x{% endif %}"));
    assertEquals("ax", render("a \n {%- if true -%} \n x{% endif %}"));
    assertEquals("\nx", render("{% if true +%}\nx{% endif %}"));
    assertEquals(" 1\n ", render(" {{ 1 }}\n "));
    assertEquals("ab", render("a {#- comment -#} b"));
    assertEquals("b", render("  {# comment #}\nb\n"));
    assertEquals("{{ x }}", render("{% raw %}{{ x }}{% endraw %}"));
    assertEquals("a\n", render("a\r\n\r\n"));
  }

  @Test
  void aLoopHasItsOwnScopeInEveryPass() {
    assertEquals(
        "0 1 0 0 | x",
        render(
            "{% set x = 'x' %}{% for i in range(4) %}{% if i == 1 %}{% set y = 1 %}"
                + "{% set x = 'z' %}{% endif %}{{ y | default(0) }} {% endfor %}| {{ x }}"));
    assertEquals(
        "2",
        render(
            "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + 1 %}"
                + "{% endfor %}{{ ns.n }}"));
  }

  @Test
  void loopVariables() {
    assertEquals(
        "1a/2-2b/2.",
        render(
            "{% for c in 'ab' %}{{ loop.index }}{{ c }}/{{ loop.length }}"
                + "{% if loop.last %}.{% else %}-{% endif %}{% endfor %}"));
    assertEquals(
        "10 3 ",
        render(
            "{% for i in [1, 2, 3, 4] if i != 2 %}{% if i == 4 %}{% break %}{% endif %}"
                + "{% if loop.first %}10{% continue %}{% endif %} {{ i }} {% endfor %}"));
    assertEquals("empty", render("{% for i in x %}{{ i }}{% else %}empty{% endfor %}"));
    assertEquals("a=1;", render("{% for k, v in {'a': 1}.items() %}{{ k }}={{ v }};{% endfor %}"));
    assertEquals("b", render("{% for i in 'ab' %}{{ loop.previtem and i or '' }}{% endfor %}"));
  }

  @Test
  void macrosAndBlockAssignments() {
    assertEquals(
        "<a 1><b 2>",
        render(
            "{% macro m(x, y=1) %}<{{ x }} {{ y }}>{% endmacro %}{{ m('a') }}{{ m('b', y=2) }}"));
    assertEquals("[in]", render("{% set x %}in{% endset %}[{{ x }}]"));
    assertEquals("ab", render("a{% generation %}b{% endgeneration %}"));
  }

  @Test
  void valuesAreNeverInterpreted() {
    assertEquals("{{ 7*7 }}{% raise %}", render("{{ x }}", Map.of("x", "{{ 7*7 }}{% raise %}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% for x in y recursive %}{% endfor %}",
        "{{ 'x' | wordwrap }}",
        "{{ 'x' is escaped }}",
        "{{ 'x'.zfill(3) }}",
        "{{ 2 ** 3 }}",
        "{{ '%s' % 'x' }}",
        "{{ [1].append(2) }}",
        "{{ f(*x) }}"
      })
  void unsupportedConstructIsRefusedByName(String template) {
    Refusals.assertNames(JinjaException.class, () -> render(template), "unsupported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ x",
        "{% if x %}",
        "{% endif %}",
        "{{ 1 + }}",
        "{{ (1 }}",
        "{{ 'x }}",
        "{# x",
        "{% for x %}{% endfor %}",
        "{{ a b }}",
        "{{ ! }}",
        "{% raw %}",
        "{{ 99999999999999999999 }}",
        "{{ {1: 2 }}",
        "{% break now %}"
      })
  void syntaxErrorNamesItsLine(String template) {
    Refusals.assertNames(JinjaException.class, () -> render("a\n" + template), "line 2");
  }

  @Test
  void mistakesAreRefused() {
    Refusals.assertNames(JinjaException.class, () -> render("{{ x.y }}"), "\"x\" is undefined");
    Refusals.assertNames(JinjaException.class, () -> render("{{ x() }}"), "\"x\" is undefined");
    Refusals.assertNames(JinjaException.class, () -> render("{{ 'a' + 1 }}"), "text", "number");
    Refusals.assertNames(JinjaException.class, () -> render("{{ 1 // 0 }}"), "1 // 0");
    Refusals.assertNames(JinjaException.class, () -> render("{{ 1 < 'a' }}"), "order");
    Refusals.assertNames(
        JinjaException.class, () -> render("{{ raise_exception('no') }}"), "refuses", "no");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='xxxxxxxxxx') %}{% for i in range(99) %}"
            + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{{ 'x' * 999999999999 }}",
        "{{ range(9999999999) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in range(9999999) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}"
      })
  void aTemplateThatDoesNotEndIsStopped(String template) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> Refusals.message(JinjaException.class, () -> render(template)));
  }

  @Test
  void deepNestingIsRefused() {
    Refusals.assertNames(
        JinjaException.class,
        () -> render("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}"),
        "nested");
    Refusals.assertNames(
        JinjaException.class,
        () -> render("{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000)),
        "nested");
  }

  @Test
  void dictionariesOfMessages() {
    Map<String, Object> variables =
        Map.of("m", List.of(Map.of("role", "user", "content", "hi", "items", 3L)));
    assertEquals(
        "user hi 3",
        render("{{ m[0].role }} {{ m[0]['content'] }} {{ m[0]['items'] }}", variables));
    assertEquals("False", render("{{ 'tool_calls' in m[0] }}", variables));
    assertEquals("", render("{{ m[0].tool_calls }}", variables));
  }

  /** Python prints an address there, which no two runs share. */
  @Test
  void aMethodThatIsNotCalledIsNotPrinted() {
    String message =
        Refusals.assertNames(
            JinjaException.class, () -> render("{{ 'a'.strip }}"), "a function or method");
    assertEquals(-1, message.indexOf("$$"), message);
    Refusals.assertNames(
        JinjaException.class, () -> render("{{ ['99999999999999999999' | int] }}"), "64 bits");
  }
}
