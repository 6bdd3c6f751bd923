/** The process of a cluster's worker: {@code headrace worker}. */
@NullMarked
package io.headrace.cli.worker;

import org.jspecify.annotations.NullMarked;
