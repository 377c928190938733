package io.sgpo.train;

import io.sgpo.policy.Policy;
import io.sgpo.preference.ClassIdentity;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.spi.Follower;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run by name, from the records that hold its options with defaults resolved: a
 * number, flag, text or constant as it is; a list of numbers as it is, any other list by its length
 * and digest; a record component by component; a follower by its description and a judge by its
 * identity (one that is a record by its components too); anything else by its class. Policies are
 * left out.
 */
public final class Settings {

  private final Map<String, String> values = new TreeMap<>();

  /** Adds the components of a record under their names. */
  public Settings with(Record options) {
    components("", options);
    return this;
  }

  /** Adds a value. */
  public Settings with(String name, @Nullable Object value) {
    add(name, value);
    return this;
  }

  /** The settings, by name. */
  public Map<String, String> toMap() {
    return Map.copyOf(values);
  }

  private void components(String prefix, Record options) {
    for (RecordComponent component : options.getClass().getRecordComponents()) {
      add(prefix + component.getName(), value(options, component));
    }
  }

  private static @Nullable Object value(Record options, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(options);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private void add(String name, @Nullable Object value) {
    if (value instanceof PreferenceModel judge) {
      values.put(name, judge.identity());
    }
    if (value instanceof Record nested) {
      components(name + ".", nested);
    } else if (!(value instanceof Policy || value instanceof PreferenceModel)) {
      values.put(name, text(value));
    }
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    if (value instanceof Number || value instanceof Boolean || value instanceof String) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof List<?> list) {
      boolean numbers = list.stream().allMatch(Number.class::isInstance);
      return numbers ? list.toString() : list.size() + " of sha256 " + digest(list);
    }
    if (value instanceof double[] numbers) {
      return Arrays.toString(numbers);
    }
    return value instanceof Follower follower
        ? follower.description()
        : ClassIdentity.of(value.getClass());
  }

  /** SHA-256 of the elements' texts, each after its length. */
  private static String digest(List<?> list) {
    MessageDigest digest = sha256();
    for (Object element : list) {
      byte[] bytes = element.toString().getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
