package io.sgpo.solvers;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives every property the seed in the system property {@code sgpo.test.seed}, where that is set
 * and the property names none of its own. Mutation runs set it, so that a mutant's fate does not
 * change from run to run.
 */
public final class FixedSeed implements AroundPropertyHook {
  static final String NAME = "sgpo.test.seed";

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    String seed = System.getProperty(NAME);
    if (seed != null && context.attributes().seed().isEmpty()) {
      context.attributes().setSeed(seed);
    }
    return property.execute();
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  /** Outside all other hooks: the seed must stand before anything is drawn. */
  @Override
  public int aroundPropertyProximity() {
    return -100;
  }
}
