package io.sgpo.lm;

import io.sgpo.lm.Architecture.Trait;
import io.sgpo.lm.Holdings.Part;
import io.sgpo.lm.MemoryLimit.Need;

/**
 * The native memory that a language model takes, in bytes, part by part. Weights to moments are
 * exact; what goes through the layers is counted from the tensors that are alive at once.
 *
 * @param weights the weights that compute, in the options' precision, norms in float32
 * @param adapter float32 numbers of an adapter, which are there from the start
 * @param masters float32 masters of bfloat16 weights, once these are trained
 * @param gradients of what is trained, once it is
 * @param moments of AdamW, once it is trained
 * @param cache keys and values of sampling at its most, 4 tokens for each of {@code batchTokens};
 *     none for a reward model
 * @param session keys and values that an open {@linkplain CausalLm#session session} of draws keeps
 *     beside the cache, at most; no part of {@link #inference}, since a session keeps fewer, down
 *     to none, where the limit leaves less room
 * @param masks of the attention when {@code batchTokens} tokens are scored or read, at most: 4
 *     bytes for each of them and each token of a row that it may see. Rows that share a prompt, and
 *     rows longer than a sliding window, need masks
 * @param sessionMasks what masks may take more where prompts go on from what a session keeps, which
 *     may be longer than what goes through at once; like {@code session} no part of {@link
 *     #inference}
 * @param passing what {@code batchTokens} tokens take on their way through one layer and the head
 *     when they are scored or read, or the logits of {@code maxBatch} rows, whichever is more
 * @param activationsPerToken kept for the backward pass by each token that goes through at once,
 *     and what one layer's backward pass takes for it
 * @param repeatedPerToken keys and values that a step keeps of a shared prompt's token for each row
 *     that sees it
 * @param sharesPerPair the attention's probabilities for each pair of a token and one that it sees
 *     in its tile, in one layer; none where no attention is by tiles
 * @param keptLayers how many layers' probabilities a step keeps: all, or with recomputation one
 * @param logitsPerPosition of the vocabulary head for each position that is trained on; none for a
 *     reward model
 * @param headPositions the most positions whose logits are held at once
 * @param beside a training step's temporaries that do not grow with its tokens
 */
public record MemoryEstimate(
    long weights,
    long adapter,
    long masters,
    long gradients,
    long moments,
    long cache,
    long session,
    long masks,
    long sessionMasks,
    long passing,
    long activationsPerToken,
    long repeatedPerToken,
    long sharesPerPair,
    long keptLayers,
    long logitsPerPosition,
    long headPositions,
    long beside) {

  private static final long FLOAT = Float.BYTES;

  /** Bytes of each pair of a mask while it is made, besides the mask: its distance, less a byte. */
  private static final long MAKING = 3;

  /** The estimate for a model of a shape that is run with these options. */
  public static MemoryEstimate of(ModelConfig config, CausalLmOptions options) {
    return of(new WeightLayout(config), options);
  }

  static MemoryEstimate of(WeightLayout layout, CausalLmOptions options) {
    long precision = precision(options);
    long numbers = trainedNumbers(layout, options);
    boolean adapted = options.lora() != null;
    boolean rounded = options.precision() != Precision.FLOAT32;
    boolean scalar = layout.head() == WeightLayout.Head.SCALAR;
    Tokens tokens = Tokens.of(layout.config(), options);
    long cached =
        scalar ? 0 : BatchLimits.CACHED_PER_TOKEN * options.batchTokens() * tokens.cached();
    long drawn = scalar ? 0 : options.maxBatch() * tokens.logits();
    long chunk = scalar ? 0 : DecoderArchive.headChunk(layout.config(), options.precision());
    long logits = scalar ? 0 : precision * layout.config().vocabularySize();
    long widened = rounded ? FLOAT * widenedLogits(layout.config(), options, chunk) : 0;
    long batch = options.batchTokens();
    long context = layout.config().maxPositions();
    long pairs = batch * Math.min(batch, context);
    long windows = layout.config().architecture().has(Trait.WINDOW_ALTERNATES) ? 2 : 1;
    long sessionPairs = batch * Math.min(BatchLimits.CACHED_PER_TOKEN * batch, context);
    return new MemoryEstimate(
        weights(layout, precision),
        adapted ? FLOAT * numbers : 0,
        !adapted && rounded ? FLOAT * numbers : 0,
        FLOAT * numbers,
        2 * FLOAT * numbers,
        cached,
        cached,
        FLOAT * windows * pairs,
        scalar ? 0 : FLOAT * windows * (sessionPairs - pairs),
        Math.max(batch * tokens.passing(), MAKING * pairs)
            + Math.max(drawn, logits * Math.min(chunk, batch) + widened),
        tokens.activations(options.recompute()),
        tokens.repeated() * (options.recompute() ? 1 : layout.config().layers()),
        tokens.shares(),
        options.recompute() ? 1 : layout.config().layers(),
        logits,
        chunk * (options.recompute() ? 1 : DecoderArchive.HEAD_KEPT + 1) * decoders(options),
        widened + (adapted ? 0 : largestProduct(layout, options)));
  }

  private static long precision(CausalLmOptions options) {
    return options.precision().bytes();
  }

  private static boolean onCpu(CausalLmOptions options) {
    return options.device().gpu() < 0;
  }

  /** Of a chunk's logits those that are float32 at once: some rows, on a GPU all of them. */
  private static long widenedLogits(ModelConfig config, CausalLmOptions options, long chunk) {
    long vocabulary = config.vocabularySize();
    long rows = Math.max(DecoderArchive.TILE_NUMBERS / vocabulary, 32);
    return vocabulary * (onCpu(options) ? Math.min(rows, chunk) : chunk);
  }

  /** Keys and values of one token in all layers. */
  static long cachedPerToken(ModelConfig config, CausalLmOptions options) {
    return Tokens.of(config, options).cached();
  }

  private static long weights(WeightLayout layout, long precision) {
    return layout.slots().stream()
        .filter(WeightLayout.Slot::present)
        .mapToLong(slot -> slot.elements() * (slot.isWide() ? FLOAT : precision))
        .sum();
  }

  /** A role's own adapter goes with a decoder of its own. */
  private static long decoders(CausalLmOptions options) {
    LoraOptions lora = options.lora();
    return lora != null && lora.perRole() ? 2 : 1;
  }

  private static long trainedNumbers(WeightLayout layout, CausalLmOptions options) {
    LoraOptions lora = options.lora();
    if (lora == null) {
      return layout.parameters();
    }
    long adapter =
        decoders(options)
            * new AdapterLayout(layout, lora)
                .slots().stream().mapToLong(WeightLayout.Slot::elements).sum();
    boolean scalar = layout.head() == WeightLayout.Head.SCALAR;
    return scalar ? adapter + layout.config().hiddenSize() : adapter;
  }

  /**
   * The largest product that is added to a gradient: of a layer, or in bfloat16 of the head, of
   * which it is some rows on a CPU, before and after they are widened.
   */
  private static long largestProduct(WeightLayout layout, CausalLmOptions options) {
    ModelConfig config = layout.config();
    long layer =
        layout.linearPlaces().stream()
            .mapToLong(place -> FLOAT * layout.slots().get(place).elements())
            .max()
            .orElse(0);
    Tokens joined = new Tokens(config, 0, 0, false, false);
    long projections = Math.max(joined.queries() + 2 * joined.keys(), joined.inward());
    long wide = Math.max(layer, FLOAT * projections * config.hiddenSize());
    long whole = (long) config.vocabularySize() * config.hiddenSize();
    long head = onCpu(options) ? Math.min(whole, DecoderArchive.TILE_NUMBERS) : whole;
    boolean rounded = options.precision() != Precision.FLOAT32;
    return rounded ? Math.max(wide, (FLOAT + Short.BYTES) * head) : wide;
  }

  /**
   * What a token takes, in bytes.
   *
   * @param config the model's shape
   * @param precision bytes of a number that computes
   * @param attention bytes of a number of the attention in scoring and training
   * @param tiles whether the attention may be by tiles
   * @param fused whether it may be the fused one
   */
  private record Tokens(
      ModelConfig config, long precision, long attention, boolean tiles, boolean fused) {

    static Tokens of(ModelConfig config, CausalLmOptions options) {
      long precision = MemoryEstimate.precision(options);
      boolean wide = config.composesAttention();
      boolean fused =
          !config.composesAttention()
              && !DecoderArchive.tiles(config, options, DecoderArchive.TILE_KEYS + 1L);
      return new Tokens(
          config,
          precision,
          wide ? FLOAT : precision,
          DecoderArchive.tiles(config, options, 1),
          fused);
    }

    private long hidden() {
      return config.hiddenSize();
    }

    private long queries() {
      return (long) config.heads() * config.headDim();
    }

    private long keys() {
      return (long) config.keyValueHeads() * config.headDim();
    }

    private long inner() {
      return config.intermediateSize();
    }

    private boolean has(Trait trait) {
      return config.architecture().has(trait);
    }

    /** What the feed-forward layer's input is projected to. */
    private long inward() {
      return has(Trait.NO_GATE) ? inner() : 2 * inner();
    }

    /** What is normed before it is added to the residual stream. */
    private long outputs() {
      return has(Trait.OUTPUT_NORMS) ? 2 * hidden() : 0;
    }

    /** Numbers that the attention saves for its backward pass. */
    private long saved() {
      return queries() + 2 * keys() + (fused ? 3 * queries() : 0);
    }

    /** Bytes of a shared prompt's token that are saved for a row that sees it. */
    long repeated() {
      return attention * (2 * keys() + (fused ? 2 * queries() : 0));
    }

    /**
     * Scores of the queries that are computed at once, on as many keys as there are tokens: of
     * tiles in place, composed ones up to the probabilities and then their gradients.
     */
    private long scores() {
      long once = (long) config.heads() * DecoderArchive.TILE_QUERIES;
      return config.composesAttention() ? 5 * FLOAT * once : tiles ? precision * once : 0;
    }

    long cached() {
      return 2L * config.layers() * keys() * precision;
    }

    /** In bfloat16 the product is there once more before it is widened. */
    long logits() {
      return config.vocabularySize() * (precision == FLOAT ? FLOAT : FLOAT + precision);
    }

    /**
     * Without gradients, at the layer's widest: the residual stream before and after, the norm,
     * queries, keys and values as projected, turned and spread over the query heads, or gate, up
     * and their product; where outputs are normed, these before and after.
     */
    long passing() {
      long attending = FLOAT * (2 * queries() + 2 * keys()) + attention * 6 * queries() + scores();
      long feedForward = precision * (inward() + inner());
      return FLOAT * (2 * hidden() + outputs())
          + precision * hidden()
          + Math.max(attending, feedForward);
    }

    /**
     * A layer keeps, in float32: its input, the sum after the attention, and, where they are
     * normed, the projections to queries, keys and values and what the layer's two parts put out;
     * in the precision: the two norms, what the attention gives on, and gate and up; in that of the
     * attention: what it saves (queries, keys and values once per query head, its output; where it
     * is composed, the three once). Its backward pass has at once what the gate opens, the products
     * with it and their gradients, or the gradients of the attention's parts; and gradients of the
     * residual stream.
     */
    long activations(boolean recompute) {
      long normed = has(Trait.QUERY_KEY_NORM) ? queries() + 2 * keys() : 0;
      long wide = 2 * hidden() + outputs() + normed;
      long narrow = 2 * hidden() + queries() + inward();
      long layer = FLOAT * wide + precision * narrow + attention * saved();
      long backward =
          FLOAT * 4 * hidden()
              + Math.max(
                  precision * 5 * inner(),
                  FLOAT * (queries() + 2 * keys()) + attention * 6 * queries() + scores());
      long kept = recompute ? layer + FLOAT * hidden() * config.layers() : layer * config.layers();
      return kept + backward;
    }

    long shares() {
      return tiles ? precision * config.heads() : 0;
    }
  }

  /**
   * What is needed once the model is loaded, draws responses and scores them: the cache counts
   * twice, since there are two of it while it grows, and prompts are read into one of their own.
   */
  public long inference() {
    return drawing(1).sum();
  }

  /** The same where responses are drawn from a mixture with a reference, which has a cache too. */
  public long mixture() {
    return drawing(2).sum();
  }

  private Need drawing(int caches) {
    return new Need(caches == 1 ? "The model" : "Drawing from a mixture")
        .add("weights", weights)
        .add("adapter", adapter)
        .add("keys and values", caches * (2 * cache + cache / BatchLimits.CACHED_PER_TOKEN))
        .add("what goes through at once", caches * passing)
        .add("masks", caches * masks);
  }

  /**
   * What a training step needs that takes so many tokens through the model at once, in rows as long
   * as takes most. Masks are not counted, which rows that share a prompt need, and rows longer than
   * a sliding window: about 4 bytes for each of their tokens and each that it may see.
   *
   * @param tokens padding not counted
   * @param positions how many of them are followed by a token that is trained on
   */
  public long training(long tokens, long positions) {
    long tile = tokens * Math.min(tokens, DecoderArchive.TILE_QUERIES);
    return training(new TrainingStep.Size(tokens, positions, Pass.mostTiledPairs(tokens), tile));
  }

  /** What a training step of that size needs. */
  long training(TrainingStep.Size size) {
    return step(size).sum();
  }

  /** The same where any of the tokens may be trained on. */
  public long training(long tokens) {
    return training(tokens, tokens);
  }

  private Need step(TrainingStep.Size size) {
    long logits = Math.min(size.positions(), headPositions) * logitsPerPosition;
    long passing = Math.max(size.tokens() * activationsPerToken, MAKING * size.maskedPairs());
    // Of a tile the probabilities if not kept, their gradients and those of the scores, reordered.
    long shares = sharesPerPair * (keptLayers * size.tiledPairs() + 4 * size.largestTile());
    return new Need("The training step")
        .add("weights", weights)
        .add("adapter", adapter)
        .add("masters", masters)
        .add("gradients", gradients)
        .add("moments", moments)
        .add("activations of %d tokens".formatted(size.tokens()), passing + beside)
        .add("masks", FLOAT * size.maskedPairs())
        .add("shared prompts", repeatedPerToken * size.repeated())
        .add("the attention's probabilities", shares)
        .add("logits of %d positions".formatted(size.positions()), logits);
  }

  /**
   * Whether sampling may hold the weights a second time, packed. A session counts on one such copy,
   * the model's or a reference's, so another one must leave it the room that it may come to need.
   */
  boolean allowsPacking(CausalLmOptions options, Holdings held) {
    Need need = with(drawing(1), held).add("packed weights", weights);
    if (held.of(Part.PACKED) > 0 && session > 0) {
      long kept = keptTokens(options, held) * sessionPerToken(options);
      need.add("keys and values of sessions", Math.max(0, kept - held.of(Part.SESSIONS)))
          .add("masks", sessionMasks);
    }
    return need.fits(options);
  }

  private long sessionPerToken(CausalLmOptions options) {
    return session / (BatchLimits.CACHED_PER_TOKEN * options.batchTokens());
  }

  /**
   * The most tokens whose keys and values a session keeps: those that there is room for, but no
   * more than the cache holds. What is counted is what a process that is started again counts too,
   * so that it keeps the same: the Java heap at its largest, packed weights if they may be there,
   * and what the state of a run holds, references and moments.
   *
   * @param held what the model and its references hold already
   */
  long keptTokens(CausalLmOptions options, Holdings held) {
    if (session == 0) {
      return 0;
    }
    long taken = state(drawing(1), held).add("references", held.of(Part.REFERENCES)).sum();
    long packed = weights <= MemoryLimit.of(options, 0) - taken ? weights : 0;
    long room =
        MemoryLimit.of(options, Runtime.getRuntime().maxMemory()) - taken - packed - sessionMasks;
    long tokens = BatchLimits.CACHED_PER_TOKEN * options.batchTokens();
    return Math.max(0, Math.min(tokens, room / sessionPerToken(options)));
  }

  private Need with(Need need, Holdings held) {
    return beside(state(need, held), held);
  }

  /** Adds what earlier steps have made. */
  private Need state(Need need, Holdings held) {
    return need.add("masters", held.of(Part.MOMENTS) > 0 ? masters : 0)
        .add("moments", held.of(Part.MOMENTS));
  }

  /**
   * @throws IllegalStateException if what {@link #inference} says exceeds the limit, with the parts
   */
  void requireInference(CausalLmOptions options) {
    drawing(1).require(options, "a lower batchTokens, Precision.BFLOAT16");
  }

  /**
   * @param held what the model and its references hold already
   * @throws IllegalStateException if what {@link #mixture} says exceeds the limit, with the parts
   */
  void requireMixture(CausalLmOptions options, Holdings held) {
    with(drawing(2), held).require(options, "a lower batchTokens, Precision.BFLOAT16");
  }

  /**
   * @param held what the model and its references hold already
   * @throws IllegalStateException if a reference's copy of the weights exceeds the limit
   */
  void requireReference(CausalLmOptions options, Holdings held) {
    with(drawing(1).add("references", weights), held)
        .require(options, "LoRA, whose references share the weights, Precision.BFLOAT16");
  }

  /** Whether a step fits beside what is held. */
  boolean allowsTraining(CausalLmOptions options, Holdings held, TrainingStep.Size size) {
    return beside(step(size), held).fits(options);
  }

  /**
   * @param held what the model and its references hold already
   * @throws IllegalStateException if what {@link #training} says exceeds the limit, with the parts
   */
  void requireTraining(CausalLmOptions options, Holdings held, TrainingStep.Size size) {
    beside(step(size), held)
        .require(options, "a lower batchTokens or micro-batch, recompute, LoRA");
  }

  private static Need beside(Need need, Holdings held) {
    return need.add("references", held.of(Part.REFERENCES))
        .add("packed weights", held.of(Part.PACKED))
        .add("keys and values of open sessions", held.of(Part.SESSIONS));
  }
}
