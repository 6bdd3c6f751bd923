/** A real S3 server for tests and benchmarks. */
@NullMarked
package io.headrace.testing.seaweed;

import org.jspecify.annotations.NullMarked;
