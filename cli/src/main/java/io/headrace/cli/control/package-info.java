/** How commands talk to a running process: gRPC on a Unix socket that only its owner can open. */
@NullMarked
package io.headrace.cli.control;

import org.jspecify.annotations.NullMarked;
