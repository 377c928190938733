package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.set;

import io.sgpo.judge.BothOrders.Contradiction;
import io.sgpo.judge.CachedJudge;
import io.sgpo.judge.JudgeTemplate;
import io.sgpo.judge.PairwiseJudge;
import io.sgpo.judge.Panel;
import io.sgpo.judge.RewardJudge;
import io.sgpo.judge.ScoredJudge;
import io.sgpo.judge.VerdictCache;
import io.sgpo.judge.http.HttpJudge;
import io.sgpo.judge.http.HttpJudgeOptions;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.Precision;
import io.sgpo.lm.RewardModel;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who judges, and how. */
final class JudgeOptions {

  private static final String DEFAULT_MODEL = "default";

  @Option(
      names = "--judge",
      paramLabel = "JUDGE",
      description =
          "who prefers what: reward:DIR[,DIR...] (several vote), pairwise:DIR, http:URL (an"
              + " OpenAI-compatible endpoint), or shorter or longer, for trying things out")
  private @Nullable String judge;

  @Option(
      names = "--judge-temperature",
      paramLabel = "T",
      description = "reward: p is the logistic function of the rewards' difference over T; 1")
  private @Nullable Double temperature;

  @Option(
      names = "--judge-vote",
      paramLabel = "NAME",
      converter = Names.Vote.class,
      description =
          "several rewards: share (of models in favour) or mean (of their probabilities); share")
  private Panel.@Nullable Vote vote;

  @Option(
      names = "--judge-template",
      paramLabel = "FILE",
      description = "pairwise, http: the question, with {prompt}, {first} and {second}")
  private @Nullable Path template;

  @Option(
      names = "--judge-contradiction",
      paramLabel = "NAME",
      converter = Names.Contradicting.class,
      description =
          "pairwise, http: average or abstain where the two orders favour different responses;"
              + " average")
  private @Nullable Contradiction contradiction;

  @Option(
      names = "--judge-model",
      paramLabel = "NAME",
      description = "http: the model's name at the endpoint; default")
  private @Nullable String model;

  @Option(
      names = "--judge-key-variable",
      paramLabel = "NAME",
      description = "http: the environment variable that holds the API key; no key unless given")
  private @Nullable String keyVariable;

  @Option(
      names = "--judge-logprobs",
      paramLabel = "true|false",
      description = "http: ask for log-probabilities of the letters; true")
  private @Nullable Boolean logProbs;

  @Option(
      names = "--judge-max-tokens",
      paramLabel = "N",
      description = "http: limit on the answer's tokens, 0 for none; 16")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--judge-concurrency",
      paramLabel = "N",
      description = "http: the most requests at once; 8")
  private @Nullable Integer concurrency;

  @Option(
      names = "--judge-timeout",
      paramLabel = "SECONDS",
      description = "http: from a request to the end of its response; 120")
  private @Nullable Double timeout;

  @Option(
      names = "--judge-retries",
      paramLabel = "N",
      description = "http: how often a request that failed is repeated; 5")
  private @Nullable Integer retries;

  @Option(
      names = "--judge-cache",
      paramLabel = "FILE",
      description = "keep verdicts here and ask each question once; runs may share it")
  private @Nullable Path cache;

  boolean isGiven() {
    return judge != null;
  }

  /** Whether it is one or several models of this process. */
  boolean loadsModels() {
    Judges.Kind kind = Judges.name(name()).kind();
    return kind == Judges.Kind.REWARD || kind == Judges.Kind.PAIRWISE;
  }

  /** The judge's name as it was given. */
  String name() {
    return judge == null ? "" : judge;
  }

  /**
   * Refuses options that the judge does not read, before anything is loaded.
   *
   * @throws UsageException also if there is no such judge, or its folder is missing
   */
  void check() {
    Judges.Kind kind = judge == null ? null : Judges.name(judge).kind();
    Set<Judges.Kind> rewards = Set.of(Judges.Kind.REWARD);
    Set<Judges.Kind> readers = Set.of(Judges.Kind.PAIRWISE, Judges.Kind.HTTP);
    Set<Judges.Kind> http = Set.of(Judges.Kind.HTTP);
    require("--judge-temperature", temperature, kind, rewards);
    require("--judge-vote", vote, kind, rewards);
    require("--judge-template", template, kind, readers);
    require("--judge-contradiction", contradiction, kind, readers);
    require("--judge-cache", cache, kind, Set.of(Judges.Kind.values()));
    Map<String, @Nullable Object> ofHttp = new LinkedHashMap<>();
    ofHttp.put("--judge-model", model);
    ofHttp.put("--judge-key-variable", keyVariable);
    ofHttp.put("--judge-logprobs", logProbs);
    ofHttp.put("--judge-max-tokens", maxTokens);
    ofHttp.put("--judge-concurrency", concurrency);
    ofHttp.put("--judge-timeout", timeout);
    ofHttp.put("--judge-retries", retries);
    ofHttp.forEach((name, value) -> require(name, value, kind, http));
    if (kind == Judges.Kind.REWARD || kind == Judges.Kind.PAIRWISE) {
      for (String folder : Judges.name(name()).folders()) {
        ModelOptions.requireFolder("--judge must name model folders", Path.of(folder));
      }
    }
  }

  private void require(
      String option, @Nullable Object value, Judges.@Nullable Kind kind, Set<Judges.Kind> readers) {
    if (value != null && (kind == null || !readers.contains(kind))) {
      throw new UsageException(
          option
              + " is not read by "
              + (judge == null ? "a command without --judge" : "--judge " + judge)
              + ", but was "
              + (value instanceof Enum<?> constant ? Names.of(constant) : value));
    }
  }

  /**
   * Opens the judge; the caller closes it.
   *
   * @param models how models that judge are loaded: threads, precision, batches, memory
   * @throws UsageException if an option is outside its domain, or the key's variable is not set
   */
  OpenJudge open(CausalLmOptions models) throws IOException {
    Judges.Name name = Judges.name(name());
    OpenJudge open = new OpenJudge();
    boolean complete = false;
    try {
      switch (name.kind()) {
        case SHORTER -> open.is(cached(open, Judges.shorter(), ""));
        case LONGER -> open.is(cached(open, Judges.longer(), ""));
        case REWARD -> openRewards(open, name.folders(), models);
        case PAIRWISE -> openPairwise(open, name, models);
        case HTTP -> openHttp(open, name.argument());
      }
      complete = true;
      return open;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--judge " + judge + ": " + e.getMessage(), e);
    } finally {
      if (!complete) {
        open.close();
      }
    }
  }

  private void openRewards(OpenJudge open, List<String> folders, CausalLmOptions models)
      throws IOException {
    List<RewardJudge> members = new ArrayList<>();
    for (String folder : folders) {
      RewardModel reward = RewardModel.load(Path.of(folder), models);
      open.owns(reward::close);
      members.add(RewardJudge.of(reward).temperature(temperature == null ? 1 : temperature));
    }
    Panel.Vote chosen = vote == null ? Panel.Vote.SHARE : vote;
    boolean alone = members.size() == 1;
    PreferenceModel one = alone ? members.get(0) : Panel.of(chosen, members);
    PreferenceModel judges = cached(open, one, rounding(models));
    open.is(alone && cache == null ? judges : ScoredJudge.of(judges, ScoredJudge.mean(members)));
  }

  private void openPairwise(OpenJudge open, Judges.Name name, CausalLmOptions models)
      throws IOException {
    if (name.folders().size() > 1) {
      throw new UsageException("--judge pairwise must name one folder, but was " + judge);
    }
    Path folder = Path.of(name.argument());
    PairwiseJudge pairwise = PairwiseJudge.load(folder, models, template(), contradiction());
    open.owns(pairwise::close);
    open.is(cached(open, pairwise, rounding(models)));
  }

  /** What tells the verdicts of a model in another precision from those in float32. */
  private static String rounding(CausalLmOptions models) {
    return models.precision() == Precision.FLOAT32 ? "" : " " + models.precision();
  }

  private void openHttp(OpenJudge open, String url) throws IOException {
    HttpJudgeOptions options = httpOptions(url);
    VerdictCache verdicts = cache == null ? VerdictCache.inMemory() : VerdictCache.open(cache);
    open.owns(verdicts::close);
    HttpJudge http = HttpJudge.of(options, verdicts);
    open.owns(http::close);
    open.is(http);
  }

  private HttpJudgeOptions httpOptions(String url) throws IOException {
    HttpJudgeOptions.Builder options =
        HttpJudgeOptions.of(uri(url), model == null ? DEFAULT_MODEL : model).toBuilder()
            .key(key())
            .template(template())
            .contradiction(contradiction());
    set(logProbs, options::logProbs);
    set(maxTokens, options::maxTokens);
    set(concurrency, options::concurrency);
    set(timeout, value -> options.requestTimeout(Duration.ofMillis(Math.round(value * 1e3))));
    set(retries, options::retries);
    return options.build();
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url must be a URL, but " + e.getMessage(), e);
    }
  }

  private @Nullable Secret key() {
    if (keyVariable == null) {
      return null;
    }
    try {
      return Secret.fromEnvironment(keyVariable);
    } catch (IllegalStateException e) {
      throw new UsageException("--judge-key-variable: " + e.getMessage(), e);
    }
  }

  private JudgeTemplate template() throws IOException {
    if (template == null) {
      return JudgeTemplate.DEFAULT;
    }
    try {
      return new JudgeTemplate(Files.readString(template));
    } catch (IllegalArgumentException e) {
      throw new UsageException(template + ": " + e.getMessage(), e);
    }
  }

  private Contradiction contradiction() {
    return contradiction == null ? Contradiction.AVERAGE : contradiction;
  }

  private PreferenceModel cached(OpenJudge open, PreferenceModel model, String rounding)
      throws IOException {
    if (cache == null) {
      return model;
    }
    VerdictCache verdicts = VerdictCache.open(cache);
    open.owns(verdicts::close);
    return CachedJudge.of(model, model.identity() + rounding, verdicts);
  }
}
