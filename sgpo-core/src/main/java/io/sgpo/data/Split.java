package io.sgpo.data;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Rows in two parts. Splits and shuffles are functions of rows and seed, on every machine and in
 * every release.
 *
 * @param train what is trained on, in the order of the rows
 * @param heldOut what is not, in the order of the rows
 */
public record Split<T>(List<T> train, List<T> heldOut) {

  private static final String SHUFFLE = "data shuffle";
  private static final String SPLIT = "data split";

  public Split {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Holds out a share of the prompts, with all their rows. Where a row goes depends on its prompt
   * and the seed only: rows that are added or removed move no other, and no prompt is on both
   * sides. The share is met on average.
   *
   * @param prompt the prompt of a row
   * @param heldOut the share, in [0, 1]
   * @throws IllegalArgumentException if the share is outside [0, 1]
   */
  public static <T> Split<T> byPrompt(
      List<T> rows, Function<? super T, ? extends Prompt> prompt, double heldOut, long seed) {
    if (!(heldOut >= 0 && heldOut <= 1)) {
      throw new IllegalArgumentException("heldOut must be in [0, 1], but was " + heldOut);
    }
    List<T> train = new ArrayList<>();
    List<T> rest = new ArrayList<>();
    for (T row : rows) {
      String key = SPLIT + " " + seed + " " + JsonLines.line(Prompts.toJson(prompt.apply(row)));
      (ContentHash.of(key).fraction() < heldOut ? rest : train).add(row);
    }
    return new Split<>(train, rest);
  }

  /**
   * Holds out so many rows, drawn without replacement by their places.
   *
   * @param heldOut how many, in [0, number of rows]
   * @throws IllegalArgumentException if there are not so many
   */
  public static <T> Split<T> byPlace(List<T> rows, int heldOut, long seed) {
    if (heldOut < 0 || heldOut > rows.size()) {
      throw new IllegalArgumentException(
          "heldOut must be in [0, %d], but was %d".formatted(rows.size(), heldOut));
    }
    SplittableRandom random = Streams.of(seed, SPLIT);
    List<T> train = new ArrayList<>();
    List<T> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      boolean drawn = random.nextInt(rows.size() - i) < heldOut - rest.size();
      (drawn ? rest : train).add(rows.get(i));
    }
    return new Split<>(train, rest);
  }

  /** The rows in an order drawn by the seed. */
  public static <T> List<T> shuffled(List<T> rows, long seed) {
    SplittableRandom random = Streams.of(seed, SHUFFLE);
    List<T> order = new ArrayList<>(rows);
    for (int i = order.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      order.set(i, order.set(j, order.get(i)));
    }
    return order;
  }
}
