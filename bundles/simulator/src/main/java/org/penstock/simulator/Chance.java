package org.penstock.simulator;

import java.util.List;
import java.util.SplittableRandom;

/** Seeded draws. Not thread-safe. */
final class Chance {

  private final SplittableRandom random;

  Chance(SplittableRandom random) {
    this.random = random;
  }

  /** From 0 to below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** From the least to the most, both included. */
  long between(long least, long most) {
    return random.nextLong(least, most + 1);
  }

  /** From 0 to below 1. */
  double unit() {
    return random.nextDouble();
  }

  /** True with a probability. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** Evenly on a logarithmic scale. */
  double logarithmic(double least, double most) {
    return least * Math.pow(most / least, random.nextDouble());
  }

  /** One of them. */
  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** One of them. */
  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A seed for something else. */
  long seed() {
    return random.nextLong();
  }
}
