/** {@code headrace demo}: a model comes out of a slow store, through a mount, into a program, and every byte is checked. */
@NullMarked
package io.headrace.cli.demo;

import org.jspecify.annotations.NullMarked;
