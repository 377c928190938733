package io.sgpo;

import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.Follower;
import io.sgpo.spi.StandardOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The engine and the follower that a builder was given: themselves, or names to look up. */
final class EngineChoice {

  private static final String DEFAULT_ENGINE = "ssapo";

  private String engineName = DEFAULT_ENGINE;
  private @Nullable AlignmentEngine engine;
  private @Nullable String followerName;
  private @Nullable ClassLoader classLoader;

  void engine(String name) {
    engineName = Objects.requireNonNull(name, "name");
    engine = null;
  }

  void engine(AlignmentEngine instance) {
    engine = Objects.requireNonNull(instance, "instance");
  }

  void follower(String name) {
    followerName = Objects.requireNonNull(name, "name");
  }

  /** The follower is one of the options. */
  void followerInstance() {
    followerName = null;
  }

  void classLoader(ClassLoader loader) {
    classLoader = Objects.requireNonNull(loader, "loader");
  }

  /**
   * @throws IllegalArgumentException if no engine has the name
   */
  AlignmentEngine engine() {
    return engine != null
        ? engine
        : Services.find(
            AlignmentEngine.class, "engine", AlignmentEngine::name, engineName, loader());
  }

  /**
   * The options with the follower that was named, if one was.
   *
   * @throws IllegalArgumentException if no follower has the name
   */
  Options withFollower(Options options) {
    if (followerName == null) {
      return options;
    }
    return options.with(
        StandardOptions.FOLLOWER,
        Services.find(Follower.class, "follower", Follower::name, followerName, loader()));
  }

  /** Where services are looked up. */
  ClassLoader loader() {
    return classLoader != null
        ? classLoader
        : Objects.requireNonNullElseGet(
            Aligner.class.getClassLoader(), ClassLoader::getSystemClassLoader);
  }
}
