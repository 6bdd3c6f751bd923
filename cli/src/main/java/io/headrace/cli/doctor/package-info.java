/** {@code headrace doctor}: what this machine lacks for Headrace to be fast, and how to mend it. */
@NullMarked
package io.headrace.cli.doctor;

import org.jspecify.annotations.NullMarked;
