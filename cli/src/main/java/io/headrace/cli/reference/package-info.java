/** What the distribution tells shells and {@code man} about the command, generated from its picocli model at build time. */
@NullMarked
package io.headrace.cli.reference;

import org.jspecify.annotations.NullMarked;
