package io.sgpo.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint file that cannot be what it claims to be. The message names the file, the tensor
 * where there is one, the rule that is broken and the value that was found.
 */
public final class CheckpointException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final @Nullable String tensor;

  /**
   * @param file the offending file or folder
   * @param tensor the offending tensor, or null if the fault concerns the whole file
   * @param fault the rule and the value found
   */
  public CheckpointException(Path file, @Nullable String tensor, String fault) {
    this(file, tensor, fault, null);
  }

  /** As above, with the exception that revealed the fault. */
  public CheckpointException(
      Path file, @Nullable String tensor, String fault, @Nullable Throwable cause) {
    super(file + ": " + (tensor == null ? "" : "tensor \"" + tensor + "\": ") + fault, cause);
    this.file = file;
    this.tensor = tensor;
  }

  /** The offending file or folder. */
  public Path file() {
    return file;
  }

  /** The offending tensor, if one is to blame. */
  public Optional<String> tensor() {
    return Optional.ofNullable(tensor);
  }
}
