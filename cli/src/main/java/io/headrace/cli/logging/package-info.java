/** Where the log goes. */
@NullMarked
package io.headrace.cli.logging;

import org.jspecify.annotations.NullMarked;
