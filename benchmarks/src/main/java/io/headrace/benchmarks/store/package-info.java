/** What a read of cached bytes costs before it is copied anywhere. */
@NullMarked
package io.headrace.benchmarks.store;

import org.jspecify.annotations.NullMarked;
