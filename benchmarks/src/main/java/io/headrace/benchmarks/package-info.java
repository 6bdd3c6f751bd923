/** Measurements: JMH for single parts, {@code endtoend} for what a user sees. */
@NullMarked
package io.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;
