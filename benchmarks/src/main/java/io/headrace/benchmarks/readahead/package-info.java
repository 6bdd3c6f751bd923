/** What the decision to read ahead costs. */
@NullMarked
package io.headrace.benchmarks.readahead;

import org.jspecify.annotations.NullMarked;
