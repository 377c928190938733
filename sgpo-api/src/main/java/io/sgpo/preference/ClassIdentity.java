package io.sgpo.preference;

/** The identity of an object that gives itself none: its class. */
public final class ClassIdentity {

  private ClassIdentity() {}

  /** A class's name; of a lambda that of the class it is in, for its own changes with the JVM. */
  public static String of(Class<?> type) {
    String name = type.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda) + " (lambda)";
  }
}
