/**
 * Short circuit: a client on a worker's machine gets descriptors of the worker's files over a Unix socket, and reads by
 * itself. What is said there ({@link io.headrace.protocol.local.LeaseCodec}), and where the socket is
 * ({@link io.headrace.protocol.local.LocalSockets}). See {@code docs/design/short-circuit.md}.
 */
@NullMarked
package io.headrace.protocol.local;

import org.jspecify.annotations.NullMarked;
