/**
 * Short circuit: {@link io.headrace.worker.local.LocalServer} lends the store's files to clients of the worker's machine
 * ({@code docs/design/short-circuit.md}).
 */
@NullMarked
package io.headrace.worker.local;

import org.jspecify.annotations.NullMarked;
