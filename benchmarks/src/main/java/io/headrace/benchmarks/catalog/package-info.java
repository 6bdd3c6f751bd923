/** P10: how fast names are imported and found, and what they take on disk. */
@NullMarked
package io.headrace.benchmarks.catalog;

import org.jspecify.annotations.NullMarked;
