/**
 * A language model behind an OpenAI-compatible HTTP endpoint as a judge. It needs the artifact
 * {@code dev.langchain4j:langchain4j-open-ai}, which this library only names as optional.
 */
@NullMarked
package io.sgpo.judge.http;

import org.jspecify.annotations.NullMarked;
