package io.sgpo.data;

import java.util.Objects;

/**
 * How rows are read.
 *
 * @param promptField the field that holds the prompt, {@code prompt} unless set
 * @param dropBadRows whether a row that cannot be used is dropped and counted; unless set it is an
 *     error
 * @param dropDuplicates whether a row with the same content as an earlier one is dropped and
 *     counted; unless set it is kept. Ids do not count as content
 */
public record ReadOptions(String promptField, boolean dropBadRows, boolean dropDuplicates) {

  /** The field {@code prompt}, every row used or an error. */
  public static final ReadOptions DEFAULT = new ReadOptions(Prompts.PROMPT, false, false);

  /**
   * @throws IllegalArgumentException if the field's name is blank
   */
  public ReadOptions {
    Objects.requireNonNull(promptField, "promptField");
    if (promptField.isBlank()) {
      throw new IllegalArgumentException(
          "promptField must not be blank, but was \"" + promptField + "\"");
    }
  }

  public ReadOptions withPromptField(String value) {
    return new ReadOptions(value, dropBadRows, dropDuplicates);
  }

  public ReadOptions withDropBadRows(boolean value) {
    return new ReadOptions(promptField, value, dropDuplicates);
  }

  public ReadOptions withDropDuplicates(boolean value) {
    return new ReadOptions(promptField, dropBadRows, value);
  }
}
