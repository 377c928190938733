package io.sgpo.examples.quickstart;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The pretraining corpus: conversations by the imperfect author. In some, a user asks to improve
 * the first answer. The second is then one more answer of the same author, no better on average,
 * that often keeps the first one's tone: so the follower's prompt is familiar and the model reads
 * the answer in it, but neither improving nor countering a tone is taught.
 */
final class Corpus {

  private static final double SECOND_TURNS = 0.4;
  private static final double KEEPS_TONE = 0.5;

  private Corpus() {}

  /**
   * Conversations about the given requests.
   *
   * @param requests what is asked, drawn from uniformly
   * @param size how many conversations
   * @param seed of all draws
   */
  static List<Exchange> write(List<Request> requests, int size, long seed) {
    List<Exchange> corpus = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      corpus.add(conversation(requests, Streams.of(seed, "corpus", i)));
    }
    return List.copyOf(corpus);
  }

  private static Exchange conversation(List<Request> requests, SplittableRandom random) {
    Request request = requests.get(random.nextInt(requests.size()));
    String first = ImperfectAuthor.answer(request, random);
    if (random.nextDouble() >= SECOND_TURNS) {
      return new Exchange(request.prompt(), Response.of(first));
    }
    Conversation prompt = request.prompt().followUp(first, Refiner.IMPROVE_INSTRUCTION);
    String second =
        random.nextDouble() < KEEPS_TONE
            ? ImperfectAuthor.answer(request, Answer.read(first).tone(), random)
            : ImperfectAuthor.answer(request, random);
    return new Exchange(prompt, Response.of(second));
  }
}
