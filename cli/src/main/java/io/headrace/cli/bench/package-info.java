/** {@code headrace bench}: reads files in the ways that programs do, and says how fast that was. */
@NullMarked
package io.headrace.cli.bench;

import org.jspecify.annotations.NullMarked;
