/** The FUSE codec by itself: what a request costs between the kernel's bytes and the kernel's answer. */
@NullMarked
package io.headrace.benchmarks.fuse;

import org.jspecify.annotations.NullMarked;
