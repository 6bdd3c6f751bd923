/** A whole cluster on one machine, for trying and testing: {@code headrace cluster start} and {@code stop}. */
@NullMarked
package io.headrace.cli.cluster;

import org.jspecify.annotations.NullMarked;
