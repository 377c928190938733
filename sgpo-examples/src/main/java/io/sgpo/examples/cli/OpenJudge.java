package io.sgpo.examples.cli;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A judge and what was opened for it, which is closed with it. */
final class OpenJudge implements PreferenceModel, AutoCloseable {

  /** Something that was opened. */
  interface Resource {
    void close() throws IOException;
  }

  private final List<Resource> resources = new ArrayList<>();
  private PreferenceModel judge =
      comparisons -> {
        throw new IllegalStateException("no judge was set");
      };

  /** Remembers what is to be closed. */
  void owns(Resource resource) {
    resources.add(0, resource);
  }

  void is(PreferenceModel value) {
    judge = value;
  }

  /** What was opened, to be used while this is open. */
  PreferenceModel judge() {
    return judge;
  }

  @Override
  public String identity() {
    return judge.identity();
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    return judge.compare(comparisons);
  }

  @Override
  public void close() {
    for (Resource resource : resources) {
      try {
        resource.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    resources.clear();
  }
}
