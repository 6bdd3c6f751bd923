/** One process that mounts: catalog, store, origins and file system wired together. */
@NullMarked
package io.headrace.cli.daemon;

import org.jspecify.annotations.NullMarked;
