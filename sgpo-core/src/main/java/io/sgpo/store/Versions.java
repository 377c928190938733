package io.sgpo.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that the library was built as and with. */
final class Versions {

  private static final String RESOURCE = "versions.properties";

  private final Properties versions = new Properties();

  Versions() {
    try (InputStream in = Versions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing from the class path");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of sgpo. */
  String sgpo() {
    return versions.getProperty("sgpo");
  }

  /** Of DJL, which runs language models. */
  String djl() {
    return versions.getProperty("djl");
  }

  /** Of the PyTorch that DJL's binding was built for. */
  String pytorch() {
    return versions.getProperty("pytorch");
  }
}
