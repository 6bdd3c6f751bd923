/**
 * A file system spoken on {@code /dev/fuse}: {@link io.headrace.fuse.FuseMount} shows a
 * {@link io.headrace.protocol.Namespace} whose files are {@link io.headrace.store.CachedFile}s. No libfuse, no JNI: the
 * kernel's protocol by {@code java.lang.foreign}.
 */
@NullMarked
package io.headrace.fuse;

import org.jspecify.annotations.NullMarked;
