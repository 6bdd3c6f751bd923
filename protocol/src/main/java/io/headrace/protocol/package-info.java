/**
 * The vocabulary that every part of Headrace shares: what a file is ({@link io.headrace.protocol.FileVersion}), how its
 * bytes are cut ({@link io.headrace.protocol.ByteRange}, {@link io.headrace.protocol.Blocks}), where names come from
 * ({@link io.headrace.protocol.Namespace}), where bytes come from ({@link io.headrace.protocol.RangeSource}) and how
 * both can fail ({@link io.headrace.protocol.OriginException}).
 */
@NullMarked
package io.headrace.protocol;

import org.jspecify.annotations.NullMarked;
