package io.sgpo.lm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The lanes of a micro-batch. */
final class LaneWorks implements AutoCloseable {

  private final List<LaneWork> works = new ArrayList<>();
  private final int threadsEach;

  private LaneWorks(int threadsEach) {
    this.threadsEach = threadsEach;
  }

  static LaneWorks of(List<StepPart> parts, MicroBatch micro, LanePlan.Division division) {
    LaneWorks works = new LaneWorks(division.threadsEach());
    for (int lane = 0; lane < division.count(); lane++) {
      works.works.add(new LaneWork(parts, micro, division, lane));
    }
    return works;
  }

  /** Runs it for all lanes side by side; nothing runs any more once this has returned. */
  void run(Consumer<LaneWork> work) {
    LaneThreads.run(
        threadsEach, works.stream().<Runnable>map(one -> () -> work.accept(one)).toList());
  }

  @Override
  public void close() {
    works.forEach(LaneWork::close);
  }
}
