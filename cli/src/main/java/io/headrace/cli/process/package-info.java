/** What every long-running process of a cluster has: an HTTP endpoint that says how it is, and an orderly end. */
@NullMarked
package io.headrace.cli.process;

import org.jspecify.annotations.NullMarked;
