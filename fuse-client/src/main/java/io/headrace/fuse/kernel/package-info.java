/**
 * The kernel's side of FUSE: system calls by {@code java.lang.foreign} and the codec of the protocol that
 * {@code /dev/fuse} speaks (Linux {@code include/uapi/linux/fuse.h}, version 7.31 and newer, little endian). Nothing
 * else in this module touches native memory layouts or {@code errno}.
 */
@NullMarked
package io.headrace.fuse.kernel;

import org.jspecify.annotations.NullMarked;
