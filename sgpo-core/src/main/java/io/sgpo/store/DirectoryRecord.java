package io.sgpo.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.data.Annotations;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.Ending;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import io.sgpo.run.Usage;
import io.sgpo.spi.RunRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The record of a run in its directory. */
final class DirectoryRecord implements RunRecord {

  private static final String METRICS = "metrics.jsonl";
  private static final String STEPS = "steps.jsonl";
  private static final String EVALUATIONS = "evaluations.jsonl";
  private static final String GAPS = "gaps.jsonl";
  private static final String ANSWERS = "answers.jsonl";
  private static final String ANNOTATIONS = "annotations";
  private static final Pattern ROUND = Pattern.compile("annotations/round-([0-9]+)\\.jsonl");

  private final Path root;
  private final RunManifest manifest;
  private final DirectoryLock lock;
  private final Appended appended;
  private final EventLog events;
  private final Checkpoints checkpoints;
  private final UsageFile usage;
  private final Map<String, Map<String, String>> digests = new HashMap<>();

  DirectoryRecord(Path root, RunManifest manifest, DirectoryLock lock) throws IOException {
    this.root = root;
    this.manifest = manifest;
    this.lock = lock;
    writeManifest();
    Files.createDirectories(root.resolve(ANNOTATIONS));
    this.appended = new Appended(root);
    this.events = new EventLog(appended);
    this.checkpoints = new Checkpoints(root);
    this.usage = new UsageFile(root);
  }

  @Override
  public Optional<Checkpoint> begin(Supplier<String> referenceDigest, Consumer<String> warnings)
      throws IOException {
    manifest.reference(referenceDigest.get());
    manifest.running();
    Optional<StoredCheckpoint> newest = checkpoints.newest(warnings);
    appended.cut(appendedFiles(), newest.map(StoredCheckpoint::lengths).orElse(Map.of()));
    events.count(root.resolve(STEPS));
    writeManifest();
    if (newest.isEmpty()) {
      usage.clear();
      return Optional.empty();
    }
    usage.restore(warnings);
    digests.putAll(newest.get().policies());
    return Optional.of(new Checkpoint(newest.get().state(), annotations()));
  }

  private Set<String> appendedFiles() throws IOException {
    Set<String> names =
        new TreeSet<>(Set.of(METRICS, STEPS, EVALUATIONS, GAPS, ANSWERS, EventLog.NAME));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(ANNOTATIONS))) {
      for (Path entry : entries) {
        names.add(ANNOTATIONS + "/" + entry.getFileName());
      }
    }
    return names;
  }

  private List<AnnotatedPair> annotations() throws IOException {
    NavigableMap<Integer, String> rounds = new TreeMap<>();
    for (Map.Entry<String, Long> file : appended.lengths().entrySet()) {
      Matcher round = ROUND.matcher(file.getKey());
      if (round.matches() && file.getValue() > 0) {
        rounds.put(Integer.parseInt(round.group(1)), file.getKey());
      }
    }
    List<AnnotatedPair> pairs = new ArrayList<>();
    for (String name : rounds.values()) {
      pairs.addAll(Annotations.read(root.resolve(name)));
    }
    return pairs;
  }

  @Override
  public void annotations(List<AnnotatedPair> pairs) throws IOException {
    Map<Integer, ByteArrayOutputStream> lines = new TreeMap<>();
    for (AnnotatedPair pair : pairs) {
      lines
          .computeIfAbsent(pair.round(), round -> new ByteArrayOutputStream())
          .writeBytes((Annotations.toLine(pair) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    for (Map.Entry<Integer, ByteArrayOutputStream> round : lines.entrySet()) {
      appended.append(
          ANNOTATIONS + "/round-" + round.getKey() + ".jsonl", round.getValue().toByteArray());
    }
  }

  @Override
  public void steps(List<StepReport> steps) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (StepReport step : steps) {
      lines.writeBytes(
          Json.line(
              Json.object()
                  .put("round", step.round())
                  .put("step", step.step())
                  .put("loss", step.result().loss())
                  .put("gradientNorm", step.result().gradientNorm())
                  .put("tokens", step.result().tokens())));
    }
    if (lines.size() > 0) {
      appended.append(STEPS, lines.toByteArray());
      events.steps(steps);
    }
  }

  @Override
  public void gaps(GapReport gaps) throws IOException {
    appended.append(GAPS, Json.line(ReportJson.of(gaps)));
    events.gaps(gaps);
  }

  @Override
  public void answers(AnswerReport answers) throws IOException {
    appended.append(ANSWERS, Json.line(ReportJson.of(answers)));
  }

  @Override
  public void round(RoundReport round) throws IOException {
    ObjectNode line = Json.object().put("round", round.round());
    round.metrics().values().forEach((metric, value) -> line.put(metric.name(), value));
    appended.append(METRICS, Json.line(line));
    events.round(round);
  }

  @Override
  public void evaluation(EvaluationReport evaluation) throws IOException {
    appended.append(EVALUATIONS, Json.line(ReportJson.of(evaluation)));
    events.evaluation(evaluation);
  }

  @Override
  public String keep(TrainablePolicy policy, long step) throws IOException {
    String name = "step-%09d".formatted(step);
    for (int again = 1; digests.containsKey(name); again++) {
      name = "step-%09d-%d".formatted(step, again);
    }
    Path folder = checkpoints.policy(name);
    policy.captureState(folder);
    digests.put(name, Digests.ofTree(folder));
    return name;
  }

  @Override
  public void restore(String name, TrainablePolicy policy) throws IOException {
    policy.restoreState(checkpoints.policy(name));
  }

  @Override
  public void checkpoint(RunState state, Set<String> policies) throws IOException {
    appended.force();
    digests.keySet().retainAll(union(policies, checkpoints.policyNames()));
    Map<String, Map<String, String>> needed = new TreeMap<>(digests);
    needed.keySet().retainAll(policies);
    checkpoints.write(new StoredCheckpoint(state, needed, appended.lengths()));
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  @Override
  public void used(Usage used, Map<String, Double> seconds) throws IOException {
    usage.write(used, seconds);
  }

  @Override
  public void ended(Ending ending) throws IOException {
    manifest.ended(ending);
    writeManifest();
  }

  @Override
  public void failed(Throwable failure) throws IOException {
    manifest.failed(failure);
    writeManifest();
  }

  private void writeManifest() throws IOException {
    manifest.write(root.resolve(RunDirectory.MANIFEST));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
