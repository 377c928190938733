package io.sgpo.ssapo;

/**
 * Verdicts of a judge that decided nothing.
 *
 * @param ties verdicts of ½
 * @param abstentions declined
 * @param failures not answered
 */
record JudgeCounts(long ties, long abstentions, long failures) {

  static final JudgeCounts NONE = new JudgeCounts(0, 0, 0);

  JudgeCounts plus(JudgeCounts more) {
    return new JudgeCounts(
        ties + more.ties, abstentions + more.abstentions, failures + more.failures);
  }

  JudgeCounts minus(JudgeCounts earlier) {
    return new JudgeCounts(
        ties - earlier.ties, abstentions - earlier.abstentions, failures - earlier.failures);
  }
}
