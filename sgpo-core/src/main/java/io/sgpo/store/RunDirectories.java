package io.sgpo.store;

import io.sgpo.spi.RunStore;
import java.nio.file.Path;

/** Makes {@link RunDirectory run directories} for the {@code Aligner}. */
public final class RunDirectories implements RunStore.Provider {

  /** For service loading. */
  public RunDirectories() {}

  @Override
  public RunStore at(Path directory) {
    return RunDirectory.at(directory);
  }
}
