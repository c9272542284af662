package io.gistream.fuzz;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Seed and size of a property: {@code -Dfuzz.seed=N} gives other values, and the same ones again;
 * {@code -Dfuzz.times=N} gives so many times as many. Both are printed.
 */
public final class FuzzRun implements AroundPropertyHook {
  private static final String SEED = System.getProperty("fuzz.seed", "20261122");
  private static final int TIMES = Integer.getInteger("fuzz.times", 1);

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    attributes.setSeed(SEED);
    attributes.tries().ifPresent(tries -> attributes.setTries(TIMES * tries));
    System.out.printf(
        "%s: -Dfuzz.seed=%s, %d tries%n", context.label(), SEED, attributes.tries().orElseThrow());
    return property.execute();
  }

  @Override
  public int aroundPropertyProximity() {
    return 100; // inside those that say how many tries there are
  }
}
