/**
 * Signed tokens: a {@link io.headrace.protocol.token.Grant} says what a tenant may do, {@link
 * io.headrace.protocol.token.TokenCodec} makes a token of it and reads it back, {@link
 * io.headrace.protocol.token.TokenKeys} are the keys. The format is in docs/design/security.md.
 */
@NullMarked
package io.headrace.protocol.token;

import org.jspecify.annotations.NullMarked;
