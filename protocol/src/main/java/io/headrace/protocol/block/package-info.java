/**
 * The block protocol: how workers serve the bytes of files to clients and to each other. Frames as records, and codecs
 * over {@link java.nio.ByteBuffer}; no sockets. The specification is {@code docs/design/block-protocol.md}.
 */
@NullMarked
package io.headrace.protocol.block;

import org.jspecify.annotations.NullMarked;
