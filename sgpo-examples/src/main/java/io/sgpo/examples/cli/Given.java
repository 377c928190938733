package io.sgpo.examples.cli;

import io.sgpo.Aligner;
import io.sgpo.run.Option;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands on what was given on the command line; what was not keeps its default. */
final class Given {

  private Given() {}

  static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  static <T> void set(Aligner.Builder builder, Option<T> option, @Nullable T value) {
    if (value != null) {
      builder.option(option, value);
    }
  }

  /** The settings, changed if a value was given. */
  static <S, T> S with(S settings, @Nullable T value, BiFunction<S, T, S> change) {
    return value == null ? settings : change.apply(settings, value);
  }
}
