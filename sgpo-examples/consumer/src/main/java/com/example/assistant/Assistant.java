package com.example.assistant;

import io.sgpo.Aligner;
import io.sgpo.data.Preferences;
import io.sgpo.data.Prompts;
import io.sgpo.lm.CausalLm;
import io.sgpo.run.Alignment;
import java.io.IOException;
import java.nio.file.Path;

/** Aligns a model folder: model, seed pairs, prompts, output. */
public final class Assistant {

  private Assistant() {}

  /**
   * Runs SSAPO.
   *
   * @param args model folder, JSONL of pairs, JSONL of prompts, folder to write
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      System.err.println("usage: Assistant MODEL SEEDS PROMPTS OUTPUT");
      System.exit(2);
    }
    Alignment result =
        align(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    System.out.println(result.annotations().size() + " pairs annotated");
  }

  static Alignment align(Path model, Path seeds, Path prompts, Path output) throws IOException {
    try (CausalLm policy = CausalLm.load(model)) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(Preferences.read(seeds))
              .prompts(Prompts.read(prompts))
              .learningRate(1e-4)
              .maxNewTokens(16)
              .build()
              .align();
      policy.save(output);
      return result;
    }
  }
}
