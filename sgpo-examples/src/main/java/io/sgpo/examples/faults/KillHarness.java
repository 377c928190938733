package io.sgpo.examples.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills runs (SIGKILL) at random moments, resumes them until they finish, and compares what they
 * leave with an uninterrupted run, byte for byte: model or adapter, annotated pairs, metrics, steps
 * and held-out measures.
 *
 * <pre>{@code java -cp ... io.sgpo.examples.faults.KillHarness FOLDER KILLS [SEED]}</pre>
 *
 * <p>Exit status 1 if a run ends differently. Takes about a JVM's start and a few seconds a kill.
 */
public final class KillHarness {

  private static final double AT_START = 0.1;
  private static final Set<String> TIMES = Set.of("manifest.json", "report.html", "usage.json");

  private final Path folder;
  private final SplittableRandom random;
  private final Map<String, Integer> places = new TreeMap<>();
  private int kills;
  private int runs;

  KillHarness(Path folder, long seed) {
    this.folder = folder;
    this.random = new SplittableRandom(seed);
  }

  /**
   * @param args a new folder for the runs, kills per engine, a seed
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int wanted = Integer.parseInt(args[1]);
    long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
    Victim.writeModel(folder.resolve("model"));
    boolean same = true;
    for (String engine : List.of("ssapo", "slhf")) {
      KillHarness harness = new KillHarness(folder, seed);
      same &= harness.attack(engine, wanted);
      System.out.println(engine + ": " + harness.kills + " kills in " + harness.runs + " runs");
      harness.places.forEach((place, count) -> System.out.println("  " + place + ": " + count));
      System.out.println("  " + (same ? "all runs equal the uninterrupted one" : "DIFFERENT"));
    }
    System.exit(same ? 0 : 1);
  }

  /** Whether all runs of the engine end as the uninterrupted one. */
  boolean attack(String engine, int wanted) throws IOException, InterruptedException {
    Path whole = folder.resolve(engine + "-whole");
    long begun = System.nanoTime();
    if (start(engine, whole).waitFor() != 0) {
      throw new IllegalStateException("the uninterrupted run must finish; see " + log(whole));
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    Map<String, String> expected = files(whole);
    boolean same = true;
    while (kills < wanted) {
      runs++;
      Path directory = folder.resolve(engine + "-" + runs);
      while (!survives(engine, directory, millis, wanted)) {
        kills++;
      }
      Map<String, String> left = files(directory);
      same &= report(directory, expected, left);
    }
    return same;
  }

  private static boolean report(
      Path directory, Map<String, String> expected, Map<String, String> left) {
    if (left.equals(expected)) {
      return true;
    }
    for (String name : expected.keySet()) {
      if (!expected.get(name).equals(left.get(name))) {
        System.out.println("different: " + directory.resolve(name));
      }
    }
    System.out.println("files: " + left.keySet() + ", expected " + expected.keySet());
    return false;
  }

  /** Starts the run once more, and kills it at a random moment unless enough were killed. */
  private boolean survives(String engine, Path directory, long millis, int wanted)
      throws IOException, InterruptedException {
    Process process = start(engine, directory);
    if (kills < wanted) {
      boolean atStart = random.nextDouble() < AT_START;
      if (!atStart) {
        awaitLoaded(process, directory);
      }
      // the run's own work is a part of the time that the whole process took
      long delay = random.nextLong(Math.max(2, millis / 4));
      if (!process.waitFor(delay, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        places.merge(place(directory), 1, Integer::sum);
        return false;
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          "a resumed run must finish, but ended with " + status + "; see " + log(directory));
    }
    return true;
  }

  private static void awaitLoaded(Process process, Path directory)
      throws IOException, InterruptedException {
    while (process.isAlive() && said(directory).isEmpty()) {
      Thread.sleep(5);
    }
  }

  /** Where the kill hit, by what the run said last and what it left half-written. */
  private static String place(Path directory) throws IOException {
    List<String> said = said(directory);
    if (said.isEmpty()) {
      return "while the program was starting";
    }
    if (halfWritten(directory.resolve("checkpoints"))) {
      return "while a checkpoint was written";
    }
    if (halfWritten(directory.resolve("policies"))) {
      return "while a policy's state was written";
    }
    if (isEmpty(directory.resolve("checkpoints"))) {
      return "before the first checkpoint";
    }
    return "after " + said.get(said.size() - 1);
  }

  private static boolean isEmpty(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.findAny().isEmpty();
    }
  }

  private static boolean halfWritten(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().startsWith("."));
    }
  }

  private static Path log(Path directory) {
    return directory.resolveSibling(directory.getFileName() + ".log");
  }

  private static Path said(Path directory, String suffix) {
    return directory.resolveSibling(directory.getFileName() + suffix);
  }

  private static List<String> said(Path directory) throws IOException {
    return Files.readAllLines(said(directory, ".said"), StandardCharsets.UTF_8);
  }

  private Process start(String engine, Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Victim.class.getName());
    command.addAll(List.of(engine, folder.resolve("model").toString(), directory.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(said(directory, ".said").toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(log(directory).toFile()))
        .start();
  }

  /**
   * What a run leaves, but for what tells times (manifest, report, usage), its lock and its
   * checkpoints: bytes by name.
   */
  public static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        if (!TIMES.contains(name)
            && !name.equals("run.lock")
            && !name.startsWith("checkpoints")
            && !name.startsWith("policies")) {
          files.put(name, Bytes.of(file));
        }
      }
    }
    return files;
  }
}
