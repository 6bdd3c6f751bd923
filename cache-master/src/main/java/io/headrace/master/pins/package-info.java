/**
 * What a cluster keeps: {@link io.headrace.master.pins.Pins} knows the paths, and sees to it by loads that the workers have their
 * copies. See {@code docs/design/jobs.md}.
 */
@NullMarked
package io.headrace.master.pins;

import org.jspecify.annotations.NullMarked;
