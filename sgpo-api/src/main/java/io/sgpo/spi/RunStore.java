package io.sgpo.spi;

import java.io.IOException;
import java.nio.file.Path;

/** Where runs are stored. {@code Aligner.Builder.runDirectory} takes the one of sgpo-core. */
public interface RunStore {

  /**
   * Opens the store for one run, for this process alone until the record is closed.
   *
   * @param resume whether a run that is stored there is gone on with
   * @throws io.sgpo.run.RunRefusedException if another process or thread has it open, it holds
   *     something else or another run, or a run and {@code resume} is false
   * @throws IOException if it cannot be read or written
   */
  RunRecord open(RunDescription description, boolean resume) throws IOException;

  /** Finds the store of a directory, as a service. */
  interface Provider {

    /** The store that keeps a run in this directory; nothing is read or written yet. */
    RunStore at(Path directory);
  }
}
