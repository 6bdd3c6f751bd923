/**
 * Serving one mount: {@link io.headrace.fuse.session.FuseSession} takes requests from the kernel and answers them from
 * the namespace and from cached files.
 */
@NullMarked
package io.headrace.fuse.session;

import org.jspecify.annotations.NullMarked;
