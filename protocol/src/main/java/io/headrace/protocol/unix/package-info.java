/**
 * Unix sockets that pass descriptors, and reading by them, for which Java has no methods; and how functions of the C
 * library are called.
 */
@NullMarked
package io.headrace.protocol.unix;

import org.jspecify.annotations.NullMarked;
