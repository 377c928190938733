package io.sgpo.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions this program was built from. */
public final class Versions implements IVersionProvider {

  private static final String RESOURCE = "versions.properties";

  private final Properties versions = new Properties();

  public Versions() {
    try (InputStream in = Versions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing from the class path");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of sgpo. */
  public String sgpo() {
    return versions.getProperty("sgpo");
  }

  /** The versions of DJL and PyTorch behind language models. */
  public String engine() {
    return "DJL " + versions.getProperty("djl") + ", PyTorch " + versions.getProperty("pytorch");
  }

  /** The JVM that is running. */
  public static String jvm() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sgpo " + sgpo(), engine(), jvm()};
  }
}
