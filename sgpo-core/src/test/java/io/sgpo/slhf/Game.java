package io.sgpo.slhf;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.tabular.TabularPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A finite game with its closed-form equilibrium (shared mathematics, section 3):
 *
 * <pre>
 * ω*(y'|y) ∝ r_F(y'|y) exp(−p(y≻y')/τ_F)
 * V(y) = −τ_F log Σ_y' r_F(y'|y) exp(−p(y≻y')/τ_F)
 * π*(y) ∝ r(y) exp(V(y)/τ_L)
 * </pre>
 */
final class Game {

  static final Prompt PROMPT = Conversation.user("x");
  static final String INSTRUCTION = "improve";

  private final double[][] preference;
  private final double[] leaderLogits;
  private final double[][] followerLogits;

  private Game(double[][] preference, double[] leaderLogits, double[][] followerLogits) {
    this.preference = preference;
    this.leaderLogits = leaderLogits;
    this.followerLogits = followerLogits;
  }

  /** A ≻ B ≻ C ≻ A, each with probability 0.9; uniform references. */
  static Game rockPaperScissors() {
    double[][] p = {{0.5, 0.9, 0.1}, {0.1, 0.5, 0.9}, {0.9, 0.1, 0.5}};
    return new Game(p, new double[3], new double[3][3]);
  }

  /** Random preferences and references. */
  static Game random(int size, long seed) {
    SplittableRandom random = Streams.of(seed, "game");
    double[][] p = new double[size][size];
    for (int i = 0; i < size; i++) {
      p[i][i] = 0.5;
      for (int j = 0; j < i; j++) {
        p[i][j] = random.nextDouble();
        p[j][i] = 1 - p[i][j];
      }
    }
    double[][] follower =
        IntStream.range(0, size)
            .mapToObj(i -> random.doubles(size, -1, 1).toArray())
            .toArray(double[][]::new);
    return new Game(p, random.doubles(size, -1, 1).toArray(), follower);
  }

  private static String name(int answer) {
    return "answer " + answer;
  }

  TabularPolicy policy() {
    List<Response> answers =
        IntStream.range(0, leaderLogits.length).mapToObj(i -> Response.of(name(i))).toList();
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    candidates.put(PROMPT, answers);
    logits.put(PROMPT, leaderLogits);
    for (int i = 0; i < leaderLogits.length; i++) {
      candidates.put(followUp(i), answers);
      logits.put(followUp(i), followerLogits[i]);
    }
    return TabularPolicy.of(candidates, logits);
  }

  private static Prompt followUp(int answer) {
    return PROMPT.followUp(name(answer), INSTRUCTION);
  }

  PreferenceModel judge() {
    return PreferenceModel.of(
        comparison -> preference[index(comparison.first())][index(comparison.second())]);
  }

  static int index(Response response) {
    return response.tokens().get(0);
  }

  /**
   * τ_L KL(π ‖ π*) + τ_F E_π KL(ω ‖ ω*), where π* ∝ r exp(V/τ_L) is the leader's fixed point: V is
   * the game's value of y, or without the follower's KL term E_ω* p(y ≻ ·).
   */
  double certificate(
      TabularPolicy policy, double leaderKl, double followerKl, LeaderPayoff payoff) {
    double[] pi = policy.probabilities(PROMPT);
    double[] leaderTarget = leaderLogits.clone();
    double follower = 0;
    for (int y = 0; y < pi.length; y++) {
      double[] target = followerTarget(y, followerKl);
      double paid =
          payoff == LeaderPayoff.GAME ? value(y, followerKl) : expectedPreference(y, target);
      leaderTarget[y] += paid / leaderKl;
      follower +=
          pi[y] * divergence(policy.probabilities(followUp(y), PolicyRole.FOLLOWER), target);
    }
    return leaderKl * divergence(pi, softmax(leaderTarget)) + followerKl * follower;
  }

  /** V(y). */
  private double value(int y, double followerKl) {
    double[] reference = softmax(followerLogits[y]);
    double sum = 0;
    for (int k = 0; k < reference.length; k++) {
      sum += reference[k] * Math.exp(-preference[y][k] / followerKl);
    }
    return -followerKl * Math.log(sum);
  }

  /** ω*(· | y). */
  private double[] followerTarget(int y, double followerKl) {
    double[] logits = followerLogits[y].clone();
    for (int k = 0; k < logits.length; k++) {
      logits[k] -= preference[y][k] / followerKl;
    }
    return softmax(logits);
  }

  private double expectedPreference(int y, double[] follower) {
    double sum = 0;
    for (int k = 0; k < follower.length; k++) {
      sum += follower[k] * preference[y][k];
    }
    return sum;
  }

  private static double[] softmax(double[] logits) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(logits[k]);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  private static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      sum += p[k] * Math.log(p[k] / q[k]);
    }
    return sum;
  }
}
