package io.sgpo.lm;

import io.sgpo.lm.Architecture.Trait;

/**
 * What a token takes that goes through the model or stays in a cache, in bytes.
 *
 * @param config the model's shape
 * @param precision bytes of a number that computes
 * @param attention bytes of a number of the attention in scoring, training and reading prompts
 * @param tiles whether the attention may be by tiles
 * @param fused whether it may be the fused one
 * @param keepsOpened whether a step keeps what comes through the gates
 */
record TokenMemory(
    ModelConfig config,
    long precision,
    long attention,
    boolean tiles,
    boolean fused,
    boolean keepsOpened) {

  private static final long FLOAT = Float.BYTES;

  static TokenMemory of(ModelConfig config, CausalLmOptions options) {
    long precision = options.precision().bytes();
    boolean wide = config.composesAttention();
    boolean fused =
        !config.composesAttention()
            && !DecoderArchive.tiles(config, options, DecoderArchive.TILE_KEYS + 1L);
    return new TokenMemory(
        config,
        precision,
        wide ? FLOAT : precision,
        DecoderArchive.tiles(config, options, 1),
        fused,
        DecoderArchive.keepsOpened(config, options.precision()));
  }

  private long hidden() {
    return config.hiddenSize();
  }

  private long queries() {
    return config.queryWidth();
  }

  private long keys() {
    return config.keyWidth();
  }

  private long inward() {
    return config.inwardWidth();
  }

  private long inner() {
    return config.intermediateSize();
  }

  private boolean has(Trait trait) {
    return config.architecture().has(trait);
  }

  /** What is normed before it is added to the residual stream. */
  private long outputs() {
    return has(Trait.OUTPUT_NORMS) ? 2 * hidden() : 0;
  }

  /** Numbers that the attention saves for its backward pass. */
  private long saved() {
    return queries() + 2 * keys() + (fused ? 3 * queries() : 0);
  }

  /**
   * Bytes of a shared prompt's token, or one that makes keys even, saved for a row that sees it.
   */
  long repeated() {
    return attention * (2 * keys() + (fused ? 2 * queries() : 0));
  }

  /**
   * Scores of the queries that are computed at once, on as many keys as there are tokens: of tiles
   * in place, composed ones up to the probabilities and then their gradients.
   */
  private long scores() {
    long once = (long) config.heads() * DecoderArchive.TILE_QUERIES;
    return config.composesAttention() ? 5 * FLOAT * once : tiles ? precision * once : 0;
  }

  /** Keys and values in all layers. */
  long cached() {
    return 2L * config.layers() * keys() * precision;
  }

  /**
   * The logits of one position. In bfloat16 the product is there once more before it is widened.
   */
  long logits() {
    return config.vocabularySize() * (precision == FLOAT ? FLOAT : FLOAT + precision);
  }

  /**
   * Without gradients, at the layer's widest: the residual stream before and after, the norm,
   * queries, keys and values as projected, turned and spread over the query heads, or gate, up and
   * their product; where outputs are normed, these before and after.
   */
  long passing() {
    long attending = FLOAT * (2 * queries() + 2 * keys()) + attention * 6 * queries() + scores();
    long feedForward = precision * (inward() + inner());
    return FLOAT * (2 * hidden() + outputs())
        + precision * hidden()
        + Math.max(attending, feedForward);
  }

  /**
   * A layer keeps, in float32: its input, the sum after the attention, and, where they are normed,
   * the projections to queries, keys and values and what the layer's two parts put out; in the
   * precision: the two norms, what the attention gives on, gate and up, and of small models what
   * comes through the gate, before and after it meets up; in that of the attention: what it saves
   * (queries, keys and values once per query head, its output; where it is composed, the three
   * once). Its backward pass has at once what the gate opens, the products with it and their
   * gradients, or the gradients of the attention's parts; and gradients of the residual stream.
   */
  long activations(boolean recompute) {
    long normed = has(Trait.QUERY_KEY_NORM) ? queries() + 2 * keys() : 0;
    long wide = 2 * hidden() + outputs() + normed;
    long opened = keepsOpened ? inward() : 0;
    long narrow = 2 * hidden() + queries() + inward() + opened;
    long layer = FLOAT * wide + precision * narrow + attention * saved();
    long backward =
        FLOAT * 4 * hidden()
            + Math.max(
                precision * 5 * inner(),
                FLOAT * (queries() + 2 * keys()) + attention * 6 * queries() + scores());
    long kept = recompute ? layer + FLOAT * hidden() * config.layers() : layer * config.layers();
    return kept + backward;
  }

  /** The attention's probability of one key in all heads of a layer; none without tiles. */
  long shares() {
    return tiles ? precision * config.heads() : 0;
  }
}
