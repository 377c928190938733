package io.sgpo.onpolicy;

import io.sgpo.run.Metric;
import io.sgpo.run.RunState;
import java.util.List;

/** The sums of a round as states, for checkpoints. */
final class AveragesState {

  private AveragesState() {}

  static List<RunState> write(Averages averages) {
    return averages.state().stream()
        .map(
            sum ->
                new RunState()
                    .put("name", sum.metric().name())
                    .put("unit", sum.metric().unit())
                    .put("formula", sum.metric().formula())
                    .put("kind", sum.kind().name())
                    .put("sum", sum.sum())
                    .put("squares", sum.squares())
                    .put("weight", sum.weight()))
        .toList();
  }

  static Averages read(List<RunState> states) {
    return Averages.of(
        states.stream()
            .map(
                state ->
                    new Averages.Sum(
                        new Metric(state.text("name"), state.text("unit"), state.text("formula")),
                        Averages.Kind.valueOf(state.text("kind")),
                        state.number("sum"),
                        state.number("squares"),
                        state.number("weight")))
            .toList());
  }
}
