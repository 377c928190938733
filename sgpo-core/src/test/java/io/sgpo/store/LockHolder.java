package io.sgpo.store;

import java.io.IOException;
import java.nio.file.Path;

/** A process that has a run directory until its standard input ends. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(Path.of(args[0]))) {
      System.out.println("locked " + (lock != null));
      System.out.flush();
      System.in.read();
    }
  }
}
