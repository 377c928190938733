package io.sgpo.examples.pages;

import io.sgpo.policy.AdamW;
import io.sgpo.train.ArrayAdamW;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Weights, moments and step count in one file, bit for bit. */
final class BigramFiles {

  static final String NAME = "bigrams.bin";

  private BigramFiles() {}

  /**
   * What a file holds.
   *
   * @param logits θ
   * @param optimizer its state
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, compared nowhere
  record State(double[] logits, ArrayAdamW.State optimizer) {}

  // begin: files
  static void write(Path directory, List<String> words, double[] logits, ArrayAdamW.State state)
      throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(directory.resolve(NAME))))) {
      out.writeUTF(String.join("\n", words));
      AdamW settings = state.settings();
      for (double setting :
          List.of(settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay())) {
        out.writeDouble(setting);
      }
      out.writeLong(state.step());
      for (double[] values : List.of(logits, state.firstMoment(), state.secondMoment())) {
        for (double value : values) {
          out.writeDouble(value);
        }
      }
    }
  }

  static State read(Path directory, List<String> words) throws IOException {
    Path file = directory.resolve(NAME);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (!in.readUTF().equals(String.join("\n", words))) {
        throw new IOException(file + ": the words must be those of this policy, but are others");
      }
      AdamW settings =
          new AdamW(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
      long step = in.readLong();
      int size = words.size() * words.size();
      double[] logits = doubles(in, size);
      return new State(
          logits, new ArrayAdamW.State(settings, step, doubles(in, size), doubles(in, size)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  // end

  private static double[] doubles(DataInputStream in, int size) throws IOException {
    double[] values = new double[size];
    for (int j = 0; j < size; j++) {
      values[j] = in.readDouble();
    }
    return values;
  }
}
