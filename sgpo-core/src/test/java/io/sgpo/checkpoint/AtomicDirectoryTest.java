package io.sgpo.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {

  private final Path folder;
  private final Path target;

  AtomicDirectoryTest(@TempDir Path folder) {
    this.folder = folder;
    this.target = folder.resolve("state");
  }

  private static AtomicDirectory.Contents text(String text) {
    return directory -> {
      Files.createDirectories(directory.resolve("sub"));
      Files.writeString(directory.resolve("sub").resolve("text"), text);
    };
  }

  private static AtomicDirectory.Contents failing() {
    return directory -> {
      Files.writeString(directory.resolve("half"), "written");
      throw new IOException("disk full");
    };
  }

  /** Every directory that {@link #text} fills holds it. */
  private static final String MARKER = "sub";

  private void assertHolds(String text) throws IOException {
    assertEquals(text, Files.readString(target.resolve("sub").resolve("text")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }

  @Test
  void writesWhatIsNotThere() throws IOException {
    AtomicDirectory.write(target, text("one"));
    assertHolds("one");
  }

  @Test
  void doesNotTouchWhatIsThere() throws IOException {
    AtomicDirectory.write(target, text("one"));
    assertThrows(
        FileAlreadyExistsException.class, () -> AtomicDirectory.write(target, text("two")));
    assertHolds("one");
  }

  @Test
  void replaces() throws IOException {
    AtomicDirectory.replace(target, MARKER, text("one"));
    AtomicDirectory.replace(target, MARKER, text("two"));
    assertHolds("two");
  }

  @Test
  void aReaderLeavesTheHalfWrittenOneToItsWriter() throws IOException {
    AtomicDirectory.write(target, text("one"));
    Path staged = Files.createDirectory(folder.resolve(".state.new"));
    assertTrue(AtomicDirectory.restore(target));
    assertTrue(Files.exists(staged));
  }

  @Test
  void aDirectoryOfAnotherKindIsNotReplaced() throws IOException {
    Path letter = Files.writeString(Files.createDirectory(target).resolve("letter"), "dear");
    FileAlreadyExistsException refusal =
        assertThrows(
            FileAlreadyExistsException.class,
            () -> AtomicDirectory.replace(target, MARKER, text("one")));
    assertEquals("is not replaced: it exists and holds no " + MARKER, refusal.getReason());
    assertEquals("dear", Files.readString(letter));
  }

  @Test
  void anEmptyDirectoryIsReplaced() throws IOException {
    Files.createDirectory(target);
    AtomicDirectory.replace(target, MARKER, text("one"));
    assertHolds("one");
  }

  @Test
  void aFailureLeavesNothing() throws IOException {
    assertThrows(IOException.class, () -> AtomicDirectory.write(target, failing()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aFailureLeavesThePreviousOne() throws IOException {
    AtomicDirectory.write(target, text("one"));
    assertThrows(IOException.class, () -> AtomicDirectory.replace(target, MARKER, failing()));
    assertHolds("one");
  }

  @Test
  void aCrashBetweenTheRenamesIsUndone() throws IOException {
    text("previous").writeTo(Files.createDirectory(folder.resolve(".state.old")));
    text("next").writeTo(Files.createDirectory(folder.resolve(".state.new")));
    assertTrue(AtomicDirectory.restore(target));
    assertEquals("previous", Files.readString(target.resolve("sub").resolve("text")));
  }

  @Test
  void aCrashBeforeTheLastDeletionIsCleaned() throws IOException {
    text("next").writeTo(Files.createDirectory(target));
    text("previous").writeTo(Files.createDirectory(folder.resolve(".state.old")));
    assertTrue(AtomicDirectory.restore(target));
    AtomicDirectory.replace(target, MARKER, text("after next"));
    assertHolds("after next");
  }

  @Test
  void theNextWriteCleansLeftovers() throws IOException {
    text("half").writeTo(Files.createDirectory(folder.resolve(".state.new")));
    AtomicDirectory.write(target, text("one"));
    assertHolds("one");
  }

  @Test
  void recoveryOfNothingSaysSo() throws IOException {
    assertFalse(AtomicDirectory.restore(target));
  }

  @Test
  void missingParentsAreCreated() throws IOException {
    Path deep = folder.resolve("a").resolve("b");
    AtomicDirectory.write(deep, text("one"));
    assertEquals("one", Files.readString(deep.resolve("sub").resolve("text")));
  }
}
