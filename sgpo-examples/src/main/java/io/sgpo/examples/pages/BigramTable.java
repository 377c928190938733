package io.sgpo.examples.pages;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Words and, for every word, the distribution of the next: log π(w | v) = log softmax(θ_v / T)_w.
 * Word 0 is the end of a response. Reads the logits that its owner passes in; immutable itself.
 */
final class BigramTable {

  static final int END = 0;

  private final List<String> words;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  /**
   * @param vocabulary the words without the end, all different
   */
  BigramTable(List<String> vocabulary) {
    List<String> all = new ArrayList<>(List.of(""));
    all.addAll(vocabulary);
    this.words = List.copyOf(all);
    for (int id = 0; id < words.size(); id++) {
      if (ids.put(words.get(id), id) != null) {
        throw new IllegalArgumentException(
            "words must differ, but \"" + words.get(id) + "\" was given twice");
      }
    }
  }

  List<String> words() {
    return words;
  }

  int size() {
    return words.size();
  }

  // begin: reading
  /** What a policy makes of a prompt is its own affair: here, the last word that it knows. */
  int state(Prompt prompt, int row) {
    String text;
    if (prompt instanceof TextPrompt raw) {
      text = raw.text();
    } else if (prompt instanceof Conversation talk) {
      text = talk.messages().get(talk.messages().size() - 1).content();
    } else {
      TokenPrompt given = (TokenPrompt) prompt;
      return requireWord(given.tokens().get(given.tokens().size() - 1), row);
    }
    String[] spoken = text.split(" ", -1);
    for (int i = spoken.length - 1; i >= 0; i--) {
      if (ids.containsKey(spoken[i]) && !spoken[i].isEmpty()) {
        return ids.get(spoken[i]);
      }
    }
    return END; // which is also where a text begins
  }

  /** A sampled response is scored by its ids; one from a file has a text, and is closed here. */
  int[] tokens(Response response, int row) {
    if (!response.tokens().isEmpty()) {
      int[] given = response.tokens().toArray();
      for (int id : given) {
        requireWord(id, row);
      }
      return given;
    }
    List<Integer> read = new ArrayList<>();
    for (String word : response.text().split(" ", -1)) {
      Integer id = ids.get(word);
      if (id == null || id == END) {
        throw new IllegalArgumentException(
            "row " + row + ": the response must be of known words, but had \"" + word + "\"");
      }
      read.add(id);
    }
    read.add(END);
    return read.stream().mapToInt(Integer::intValue).toArray();
  }

  // end

  private int requireWord(int id, int row) {
    if (id < 0 || id >= size()) {
      throw new IllegalArgumentException(
          "row " + row + ": token ids must be below " + size() + ", but one was " + id);
    }
    return id;
  }

  /** log π(· | word), a value per word. */
  double[] next(double[] logits, int word, double temperature) {
    int start = word * size();
    double max = Double.NEGATIVE_INFINITY;
    for (int w = 0; w < size(); w++) {
      max = Math.max(max, logits[start + w] / temperature);
    }
    double[] logProbs = new double[size()];
    double sum = 0;
    for (int w = 0; w < size(); w++) {
      logProbs[w] = logits[start + w] / temperature - max;
      sum += Math.exp(logProbs[w]);
    }
    for (int w = 0; w < size(); w++) {
      logProbs[w] -= Math.log(sum);
    }
    return logProbs;
  }

  // begin: scoring
  List<LogProbs> logProbs(double[] logits, List<Exchange> exchanges, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
    List<LogProbs> scores = new ArrayList<>(exchanges.size());
    for (int row = 0; row < exchanges.size(); row++) {
      Interruption.check("scoring"); // an interrupt stops a long call between two rows
      Exchange exchange = exchanges.get(row);
      int word = state(exchange.prompt(), row);
      int[] tokens = tokens(exchange.response(), row);
      double[] values = new double[tokens.length];
      for (int t = 0; t < tokens.length; t++) {
        values[t] = next(logits, word, temperature)[tokens[t]];
        word = tokens[t];
      }
      scores.add(LogProbs.of(values));
    }
    return List.copyOf(scores);
  }

  // end

  // begin: sampling
  /** Draws from one table and reports the log-probabilities of another: of the same, mostly. */
  List<List<Sample>> sample(
      double[] logits, double[] drawnFrom, List<? extends Prompt> prompts, Sampling sampling) {
    List<List<Sample>> all = new ArrayList<>(prompts.size());
    for (int row = 0; row < prompts.size(); row++) {
      Interruption.check("sampling");
      List<Sample> samples = new ArrayList<>(sampling.samplesPerPrompt());
      for (int s = 0; s < sampling.samplesPerPrompt(); s++) {
        // one stream per row and sample: a draw depends on no other
        SplittableRandom random = Streams.of(sampling.seed(), "sample", row, s);
        samples.add(draw(logits, drawnFrom, prompts.get(row), row, sampling, random));
      }
      all.add(List.copyOf(samples));
    }
    return List.copyOf(all);
  }

  private Sample draw(
      double[] logits,
      double[] drawnFrom,
      Prompt prompt,
      int row,
      Sampling sampling,
      SplittableRandom random) {
    List<Integer> tokens = new ArrayList<>();
    List<Double> logProbs = new ArrayList<>();
    double samplingLogProb = 0;
    int word = state(prompt, row);
    boolean ended = false;
    while (!ended && tokens.size() < sampling.maxNewTokens()) {
      double temperature = sampling.logProbTemperature();
      double[] next = next(logits, word, temperature);
      Choice choice = Choice.of(next(drawnFrom, word, temperature), sampling, random);
      word = choice.token();
      tokens.add(word);
      logProbs.add(next[word]);
      samplingLogProb += choice.logProb();
      ended = word == END && !sampling.ignoreEndOfSequence();
    }
    int[] drawn = tokens.stream().mapToInt(Integer::intValue).toArray();
    String text =
        IntStream.of(drawn)
            .filter(id -> id != END)
            .mapToObj(words::get)
            .collect(Collectors.joining(" "));
    Response.Finish finish = ended ? Response.Finish.STOP : Response.Finish.LENGTH;
    return new Sample(
        new Exchange(prompt, new Response(text, Tokens.of(drawn), finish)),
        LogProbs.of(logProbs.stream().mapToDouble(Double::doubleValue).toArray()),
        samplingLogProb);
  }
  // end
}
