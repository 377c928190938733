package io.sgpo.examples.comparison;

import io.sgpo.data.Preferences;
import io.sgpo.data.Split;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.preference.PreferencePair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Human preferences of conversations, as text that a model without a chat template can read.
 *
 * @param train pairs that reward model, seeds and prompts come from
 * @param test pairs that only measure
 */
record Corpus(List<PreferencePair> train, List<PreferencePair> test) {

  /** Characters of a prompt and of a response, beyond which a pair is left out. */
  private static final int LONGEST = 300;

  Corpus {
    train = List.copyOf(train);
    test = List.copyOf(test);
  }

  /** Reads {@code train.jsonl} and {@code valid.jsonl} of a folder. */
  static Corpus read(Path folder) throws IOException {
    return new Corpus(
        texts(Preferences.read(folder.resolve("train.jsonl"))),
        texts(Preferences.read(folder.resolve("valid.jsonl"))));
  }

  private static List<PreferencePair> texts(List<PreferencePair> pairs) {
    List<PreferencePair> texts = new ArrayList<>();
    for (PreferencePair pair : pairs) {
      String prompt = text(pair.prompt());
      String chosen = " " + pair.chosen().text().strip();
      String rejected = " " + pair.rejected().text().strip();
      int longest = Math.max(prompt.length(), Math.max(chosen.length(), rejected.length()));
      if (longest <= LONGEST && !chosen.equals(rejected)) {
        texts.add(PreferencePair.of(new TextPrompt(prompt), chosen, rejected));
      }
    }
    return texts;
  }

  private static String text(Prompt prompt) {
    if (!(prompt instanceof Conversation conversation)) {
      throw new IllegalArgumentException("prompts must be conversations, but one was " + prompt);
    }
    StringBuilder text = new StringBuilder();
    for (Message message : conversation.messages()) {
      text.append(message.role() == Message.Role.ASSISTANT ? "Assistant: " : "Human: ")
          .append(message.content().strip())
          .append('\n');
    }
    return text.append("Assistant:").toString();
  }

  /** What a model learns first: the chosen answers. */
  List<Exchange> demonstrations() {
    return train.stream().map(PreferencePair::chosenExchange).toList();
  }

  /** Share of the test pairs whose chosen answer is the shorter one, ties counted as halves. */
  double shorter() {
    return test.stream()
        .mapToInt(pair -> pair.rejected().text().length() - pair.chosen().text().length())
        .mapToDouble(difference -> (1 + Integer.signum(difference)) / 2.0)
        .average()
        .orElseThrow();
  }

  /** The training pairs in an order of the seed's. */
  List<PreferencePair> shuffled(long seed) {
    return Split.shuffled(train, seed);
  }

  /** The prompts of pairs. */
  static List<Prompt> prompts(List<PreferencePair> pairs) {
    return pairs.stream().map(PreferencePair::prompt).toList();
  }
}
