package io.sgpo.judge;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A judge that is asked each comparison once, and remembers. The key of a comparison is a digest of
 * the judge's identity, the prompt and both responses. As thread-safe as the judge.
 */
public final class CachedJudge implements PreferenceModel {

  private final PreferenceModel judge;
  private final String identity;
  private final VerdictCache cache;

  private CachedJudge(PreferenceModel judge, String identity, VerdictCache cache) {
    this.judge = judge;
    this.identity = identity;
    this.cache = cache;
  }

  /** A judge with a memory, under the judge's own identity. */
  public static CachedJudge of(PreferenceModel judge, VerdictCache cache) {
    return of(judge, judge.identity(), cache);
  }

  /**
   * A judge with a memory.
   *
   * @param identity what tells this judge from others in the cache, such as a reward model's
   *     digest: everything that its verdicts depend on, and no secret
   * @param cache where verdicts are kept; it is not closed with the judge
   */
  public static CachedJudge of(PreferenceModel judge, String identity, VerdictCache cache) {
    return new CachedJudge(
        Objects.requireNonNull(judge, "judge"),
        Objects.requireNonNull(identity, "identity"),
        Objects.requireNonNull(cache, "cache"));
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    List<String> keys = new ArrayList<>(comparisons.size());
    Map<String, Verdict> known = new LinkedHashMap<>();
    Map<String, Comparison> asked = new LinkedHashMap<>();
    for (Comparison comparison : comparisons) {
      String key = digest(identity, comparison);
      keys.add(key);
      cache.get(key).ifPresentOrElse(v -> known.put(key, v), () -> asked.put(key, comparison));
    }
    List<Verdict> answers = Verdicts.of(judge, List.copyOf(asked.values()));
    int next = 0;
    for (String key : asked.keySet()) {
      known.put(key, answers.get(next));
      cache.put(key, answers.get(next));
      next++;
    }
    return keys.stream().map(key -> Objects.requireNonNull(known.get(key))).toList();
  }

  private static String digest(String identity, Comparison comparison) {
    List<String> parts = new ArrayList<>();
    parts.add(identity);
    add(parts, comparison.prompt());
    for (Response response : List.of(comparison.first(), comparison.second())) {
      parts.add(response.text());
      parts.add(response.tokens().toString());
      parts.add(response.finish().name());
    }
    return digest(parts.toArray(String[]::new));
  }

  private static void add(List<String> parts, Prompt prompt) {
    if (prompt instanceof Conversation conversation) {
      for (Message message : conversation.messages()) {
        parts.add(message.role().templateName());
        parts.add(message.content());
      }
    } else if (prompt instanceof TextPrompt raw) {
      parts.add(raw.text());
    } else if (prompt instanceof TokenPrompt ids) {
      parts.add(ids.tokens().toString());
    }
    parts.add(prompt.getClass().getSimpleName());
  }

  /** SHA-256 of parts, each with its length before it, in hexadecimal digits. */
  public static String digest(String... parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        sha256.update((bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
        sha256.update(bytes);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
