package io.sgpo;

import io.sgpo.run.AlignmentListener;
import io.sgpo.spi.RunControl;
import io.sgpo.spi.RunStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a builder was told of the run itself: who hears of it, what ends it, where it is stored. */
final class RunSettings {

  private final List<AlignmentListener> listeners = new ArrayList<>();
  private RunControl control = RunControl.NONE;
  private @Nullable Path directory;

  void add(AlignmentListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /** A directory takes the place of a store. */
  void directory(Path value) {
    directory = Objects.requireNonNull(value, "directory");
    control = control.withStore(null);
  }

  /** A store takes the place of a directory. */
  void store(RunStore value) {
    directory = null;
    control = control.withStore(value);
  }

  void change(UnaryOperator<RunControl> change) {
    control = change.apply(control);
  }

  /** All who hear of the run, as one. */
  AlignmentListener listener() {
    return new SafeListener(listeners);
  }

  /** Whether anything was said that only a run in units of work can do. */
  boolean needUnits() {
    return directory != null || !control.equals(RunControl.NONE);
  }

  /**
   * The control with the store of the directory, if there is one.
   *
   * @param loader where the service is looked up that stores runs in directories
   * @throws IllegalStateException if a run is to be gone on with that is stored nowhere, or there
   *     is no such service
   */
  RunControl control(AlignmentListener listener, ClassLoader loader) {
    if (directory == null) {
      if (control.store() == null && control.resume()) {
        throw new IllegalStateException("runDirectory must be set where resume is");
      }
      return control.withListener(listener);
    }
    return control
        .withStore(
            ServiceLoader.load(RunStore.Provider.class, loader)
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "runDirectory needs a RunStore.Provider service; is sgpo-core on the"
                                + " class path?"))
                .at(directory))
        .withListener(listener);
  }
}
