package io.sgpo;

import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Function;

/** Finds a service by its name. */
final class Services {

  private Services() {}

  /**
   * The service of the given name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  static <T> T find(
      Class<T> type, String what, Function<T, String> naming, String name, ClassLoader loader) {
    TreeSet<String> known = new TreeSet<>();
    for (T service : ServiceLoader.load(type, loader)) {
      if (naming.apply(service).equals(name)) {
        return service;
      }
      known.add(naming.apply(service));
    }
    throw new IllegalArgumentException(
        what
            + " must be one of "
            + known
            + ", but was \""
            + name
            + "\""
            + (known.isEmpty() ? "; is sgpo-core on the class path?" : ""));
  }
}
