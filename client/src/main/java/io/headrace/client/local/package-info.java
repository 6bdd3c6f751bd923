/**
 * Short circuit: {@link io.headrace.client.local.NodeStores} finds the workers of this machine and borrows their files, so that
 * bytes are read without a network. See {@code docs/design/short-circuit.md}.
 */
@NullMarked
package io.headrace.client.local;

import org.jspecify.annotations.NullMarked;
