package io.sgpo.text.jinja;

import java.util.Map;

/**
 * A value of {@code namespace(...)}: attributes that a {@code set} inside a loop can change.
 *
 * @param attributes the mutable attributes
 */
record Namespace(Map<String, Object> attributes) {}
