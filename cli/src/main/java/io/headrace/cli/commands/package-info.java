/** What can be done with a running mount. */
@NullMarked
package io.headrace.cli.commands;

import org.jspecify.annotations.NullMarked;
