/** The caches of origins that were mounted without {@code --cache}: what there is, who uses it, and removing it. */
@NullMarked
package io.headrace.cli.caches;

import org.jspecify.annotations.NullMarked;
