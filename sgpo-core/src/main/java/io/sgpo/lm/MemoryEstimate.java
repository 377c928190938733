package io.sgpo.lm;

import io.sgpo.lm.Architecture.Trait;
import io.sgpo.lm.Holdings.Part;
import io.sgpo.lm.MemoryLimit.Need;
import java.util.List;

/**
 * The native memory that a language model takes, in bytes, part by part. Weights to moments are
 * exact; what goes through the layers is counted from the tensors that are alive at once.
 *
 * @param weights the weights that compute, in the options' precision, norms in float32
 * @param adapter float32 numbers of an adapter, which are there from the start
 * @param masters float32 masters of bfloat16 weights, once these are trained
 * @param gradients of what is trained, once it is; a step in several lanes has them for each
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
 *     that sees it, and of a key that only makes those of a tile even
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
    ModelConfig config = layout.config();
    LayoutMemory tensors = new LayoutMemory(layout, options);
    TokenMemory token = TokenMemory.of(config, options);
    boolean adapted = options.lora() != null;
    boolean rounded = options.precision() != Precision.FLOAT32;
    boolean scalar = layout.head() == WeightLayout.Head.SCALAR;
    long numbers = FLOAT * tensors.trainedNumbers();
    long batch = options.batchTokens();
    long cached = scalar ? 0 : BatchLimits.CACHED_PER_TOKEN * batch * token.cached();
    long pairs = batch * Math.min(batch, config.maxPositions());
    long sessionPairs =
        batch * Math.min(BatchLimits.CACHED_PER_TOKEN * batch, config.maxPositions());
    long perPair = FLOAT * (config.architecture().has(Trait.WINDOW_ALTERNATES) ? 2 : 1);
    long keptLayers = options.recompute() ? 1 : config.layers();
    return new MemoryEstimate(
        tensors.weights(),
        adapted ? numbers : 0,
        !adapted && rounded ? numbers : 0,
        numbers,
        2 * numbers,
        cached,
        cached,
        perPair * pairs,
        scalar ? 0 : perPair * (sessionPairs - pairs),
        Math.max(batch * token.passing(), MAKING * pairs)
            + Math.max(scalar ? 0 : options.maxBatch() * token.logits(), tensors.scoredLogits(1)),
        token.activations(options.recompute()),
        token.repeated() * keptLayers,
        token.shares(),
        keptLayers,
        tensors.logitsPerPosition(),
        tensors.headPositions(),
        tensors.widenedLogits() + (adapted ? 0 : tensors.largestProduct()));
  }

  /** {@link #weights} of several models together. */
  static long weights(List<Decoder> decoders) {
    return decoders.stream().mapToLong(each -> of(each.layout(), each.options()).weights()).sum();
  }

  /**
   * What is needed once the model is loaded, draws responses and scores them: the cache counts
   * twice, since there are two of it while it grows, and prompts are read into one of their own.
   * Scoring has no cache, so the logits of its lanes beside the first are let into that room.
   */
  public long inference() {
    return drawing(1).sum();
  }

  /** The same where responses are drawn from a mixture with a reference, which has a cache too. */
  public long mixture() {
    return drawing(2).sum();
  }

  /** The most lanes whose logits have room where draws have the cache, which scoring has not. */
  int scoringLanes(LayoutMemory tensors) {
    long room = tensors.scoredLogits(1) + 2 * cache;
    int lanes = 1;
    while (lanes < LanePlan.MOST && tensors.scoredLogits(lanes + 1) <= room) {
      lanes++;
    }
    return lanes;
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
   * as takes about the most. Masks are not counted, which rows that share a prompt need, and rows
   * longer than a sliding window: about 4 bytes for each of their tokens and each that it may see.
   * Nor are lanes: of a small model, several groups may go through side by side on parts of the
   * processor's cores, with gradients, logits and temporaries each.
   *
   * @param tokens padding not counted
   * @param positions how many of them are followed by a token that is trained on
   */
  public long training(long tokens, long positions) {
    long tile = DecoderArchive.evened(tokens) * Math.min(tokens, DecoderArchive.TILE_QUERIES);
    long more = DecoderArchive.evened(tokens) - tokens;
    long pairs = Pass.mostTiledPairs(tokens);
    return training(new StepSize(tokens, positions, 0, more, pairs, tile, 1));
  }

  /** What a training step of that size needs. */
  long training(StepSize size) {
    return step(size).sum();
  }

  /** The same where any of the tokens may be trained on. */
  public long training(long tokens) {
    return training(tokens, tokens);
  }

  private Need step(StepSize size) {
    long lanes = size.lanes();
    long logits = Math.min(size.positions(), lanes * headPositions) * logitsPerPosition;
    long passing = Math.max(size.tokens() * activationsPerToken, MAKING * size.maskedPairs());
    // Of a tile the probabilities if not kept, their gradients and those of the scores, reordered.
    long shares = sharesPerPair * (keptLayers * size.tiledPairs() + 4 * lanes * size.largestTile());
    return new Need("The training step")
        .add("weights", weights)
        .add("adapter", adapter)
        .add("masters", masters)
        .add("gradients", lanes * gradients)
        .add("moments", moments)
        .add("activations of %d tokens".formatted(size.tokens()), passing + lanes * beside)
        .add("masks", FLOAT * size.maskedPairs())
        .add("repeated keys and values", repeatedPerToken * size.repeated())
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

  /**
   * Whether a step has room for its lanes beside what references may hold, and sessions at their
   * largest. What is counted is what a process that is started again counts too, so that it divides
   * its steps in the same way.
   */
  boolean allowsLanes(CausalLmOptions options, Holdings held, StepSize size) {
    long needed =
        step(size)
            .add("references", held.of(Part.REFERENCES))
            .add("packed weights", held.of(Part.REFERENCES) + (adapter > 0 ? weights : 0))
            .add("keys and values of sessions", session + sessionMasks)
            .sum();
    return needed <= MemoryLimit.of(options, Runtime.getRuntime().maxMemory());
  }

  /** Whether a step fits beside what is held. */
  boolean allowsTraining(CausalLmOptions options, Holdings held, StepSize size) {
    return beside(step(size), held).fits(options);
  }

  /**
   * @param held what the model and its references hold already
   * @throws IllegalStateException if what {@link #training} says exceeds the limit, with the parts
   */
  void requireTraining(CausalLmOptions options, Holdings held, StepSize size) {
    beside(step(size), held)
        .require(options, "a lower batchTokens or micro-batch, recompute, LoRA");
  }

  private static Need beside(Need need, Holdings held) {
    return need.add("references", held.of(Part.REFERENCES))
        .add("packed weights", held.of(Part.PACKED))
        .add("keys and values of open sessions", held.of(Part.SESSIONS));
  }
}
