/**
 * Getting a {@code /dev/fuse} mounted and unmounted: by mount(2) as root, by {@code fusermount3} as anybody; and the
 * knobs of the host that belong to one mount.
 */
@NullMarked
package io.headrace.fuse.mount;

import org.jspecify.annotations.NullMarked;
