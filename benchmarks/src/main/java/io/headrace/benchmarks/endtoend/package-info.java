/**
 * What a user sees, measured as ratios in one run: each {@link io.headrace.benchmarks.endtoend.Scenario} times the
 * limit and Headrace in turn and reports medians with their spread. Started by {@code benchmarks/run}.
 */
@NullMarked
package io.headrace.benchmarks.endtoend;

import org.jspecify.annotations.NullMarked;
