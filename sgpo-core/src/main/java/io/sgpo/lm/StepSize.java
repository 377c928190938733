package io.sgpo.lm;

/**
 * How much of a training step goes through the model at once.
 *
 * @param tokens padding not counted
 * @param positions that are scored
 * @param maskedPairs of tokens that attend under a mask and tokens that these may see
 * @param repeated tokens of shared prompts, once for each row that sees them, and of tiles those
 *     that only make keys even
 * @param tiledPairs of tokens that attend by tiles and tokens that these see in their tile, where
 *     the probabilities are kept
 * @param largestTile the most of a tile, kept or not
 * @param lanes how many parts go through side by side
 */
record StepSize(
    long tokens,
    long positions,
    long maskedPairs,
    long repeated,
    long tiledPairs,
    long largestTile,
    int lanes) {

  /** Of rows that share nothing, without masks, in one lane. */
  StepSize(long tokens, long positions, long tiledPairs, long largestTile) {
    this(tokens, positions, 0, 0, tiledPairs, largestTile, 1);
  }

  /** What a pass adds to the tokens and positions by how it attends. */
  static StepSize attention(Pass pass, Decoder decoder) {
    ModelConfig config = decoder.config();
    if (!DecoderArchive.tiles(config, decoder.options(), pass.mostKeys())) {
      int window = config.slidingWindow().orElse(Integer.MAX_VALUE);
      long repeated = pass.repeatedTokens(config.composesAttention());
      return new StepSize(0, 0, pass.maskedPairs(window), repeated, 0, 0, 1);
    }
    boolean keeps = pass.mostKeys() <= DecoderArchive.TILE_KEYS;
    long pairs = keeps ? pass.tiledPairs() : 0;
    return new StepSize(0, 0, 0, pass.repeatedTokens(true), pairs, pass.largestTile(), 1);
  }

  /** The larger of each. */
  StepSize max(StepSize other) {
    return new StepSize(
        Math.max(tokens, other.tokens),
        Math.max(positions, other.positions),
        Math.max(maskedPairs, other.maskedPairs),
        Math.max(repeated, other.repeated),
        Math.max(tiledPairs, other.tiledPairs),
        Math.max(largestTile, other.largestTile),
        Math.max(lanes, other.lanes));
  }

  /** The same divided among so many lanes. */
  StepSize in(int count) {
    return new StepSize(tokens, positions, maskedPairs, repeated, tiledPairs, largestTile, count);
  }

  /** Beside another pass; tiles come one after the other. */
  StepSize plus(StepSize other) {
    return new StepSize(
        tokens + other.tokens,
        positions + other.positions,
        maskedPairs + other.maskedPairs,
        repeated + other.repeated,
        tiledPairs + other.tiledPairs,
        Math.max(largestTile, other.largestTile),
        Math.max(lanes, other.lanes));
  }
}
