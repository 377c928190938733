package io.sgpo.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ids that begin and end sequences. The end is a set: chat models often have an end of turn
 * beside the end of text.
 *
 * @param bos the beginning of a sequence, if the model has one
 * @param eos the ends, in order of preference: the tokenizer's own, then those of {@code
 *     generation_config.json}, or of {@code config.json} where that names none
 */
public record SpecialIds(OptionalInt bos, Set<Integer> eos) {

  public SpecialIds {
    eos = Collections.unmodifiableSet(new LinkedHashSet<>(eos));
  }

  /** The end that is added to a response that has none. */
  public OptionalInt endOfSequence() {
    return eos.stream().mapToInt(Integer::intValue).findFirst();
  }

  /** Whether an id ends a sequence. */
  public boolean isEnd(int id) {
    return eos.contains(id);
  }

  /**
   * Those of a model folder's configuration.
   *
   * @param own the tokenizer's own, which take precedence; {@link #NONE} without a tokenizer
   * @throws CheckpointException if an id is no integer {@code >= 0}
   */
  static SpecialIds load(Path folder, SpecialIds own) throws IOException {
    Set<Integer> ends = new LinkedHashSet<>(own.eos);
    OptionalInt bos = own.bos;
    for (String name : new String[] {"generation_config.json", "config.json"}) {
      Path file = folder.resolve(name);
      JsonNode config = JsonFiles.readOptional(file);
      Set<Integer> found = ids(file, config, "eos_token_id");
      if (ends.size() == own.eos.size()) {
        ends.addAll(found);
      }
      Set<Integer> begin = ids(file, config, "bos_token_id");
      if (bos.isEmpty() && !begin.isEmpty()) {
        bos = OptionalInt.of(begin.iterator().next());
      }
      if (!found.isEmpty()) {
        break;
      }
    }
    return new SpecialIds(bos, ends);
  }

  /** Neither beginning nor end. */
  static final SpecialIds NONE = new SpecialIds(OptionalInt.empty(), Set.of());

  private static Set<Integer> ids(Path file, JsonNode config, String field)
      throws CheckpointException {
    JsonNode value = config.path(field);
    Set<Integer> ids = new LinkedHashSet<>();
    if (value.isMissingNode() || value.isNull()) {
      return ids;
    }
    for (JsonNode id : value.isArray() ? value : List.of(value)) {
      if (!id.canConvertToInt() || !id.isIntegralNumber() || id.intValue() < 0) {
        throw new CheckpointException(
            file, null, field + " must be an id >= 0 or a list of them, but was " + value);
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
