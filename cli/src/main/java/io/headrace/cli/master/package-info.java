/** The process of a cluster's master: {@code headrace master}. */
@NullMarked
package io.headrace.cli.master;

import org.jspecify.annotations.NullMarked;
