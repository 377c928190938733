package io.sgpo.lm;

/**
 * A sequence whose response is scored.
 *
 * @param ids prompt and response
 * @param promptLength how many of them are the prompt, {@code >= 1}
 * @param scalar whether it is scored by the state of its last token, as a reward model does; else
 *     every token of the response is, by the state of the token before it
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between encoding and batching
record Row(int[] ids, int promptLength, boolean scalar) {

  /** A sequence whose response's tokens are scored. */
  Row(int[] ids, int promptLength) {
    this(ids, promptLength, false);
  }

  /** Positions that go into the model: all, but for a last token that predicts nothing scored. */
  int inputLength() {
    return scalar ? ids.length : ids.length - 1;
  }

  int responseLength() {
    return ids.length - promptLength;
  }

  /** How many scores it has. */
  int scores() {
    return scalar ? 1 : responseLength();
  }

  /** The first of the positions whose states are scored; the last one is the input's last. */
  int firstScored() {
    return inputLength() - scores();
  }
}
