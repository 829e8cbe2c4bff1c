package org.penstock.shell.internal.view;

/**
 * A counter's value, for scripts.
 *
 * @param name the counter's label or the drop reason's name
 * @param value how many
 * @param unit of what
 * @param description in words
 */
public record Statistic(String name, long value, String unit, String description) {}
