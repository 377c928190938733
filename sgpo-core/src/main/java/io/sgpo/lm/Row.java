package io.sgpo.lm;

/**
 * A sequence whose response is scored.
 *
 * @param ids prompt and response
 * @param promptLength how many of them are the prompt, {@code >= 1}
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between encoding and batching
record Row(int[] ids, int promptLength) {

  /** Positions that go into the model: all but the last, which predicts nothing scored. */
  int inputLength() {
    return ids.length - 1;
  }

  int responseLength() {
    return ids.length - promptLength;
  }
}
