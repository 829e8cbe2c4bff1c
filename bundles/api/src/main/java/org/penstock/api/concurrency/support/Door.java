package org.penstock.api.concurrency.support;

import java.util.function.Supplier;
import org.penstock.api.sync.Lock;

/**
 * One partition's lock, and how threads sleep outside of it.
 *
 * @param lock guards the partition
 * @param sleeps makes what the calling thread sleeps by in one wait
 */
record Door(Lock lock, Supplier<? extends Sleep> sleeps) {}
