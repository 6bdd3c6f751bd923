/** Bad days for any origin, between it and its reader. */
@NullMarked
package io.headrace.testing.fault;

import org.jspecify.annotations.NullMarked;
