@NullMarked
package io.headrace.testing.origin;

import org.jspecify.annotations.NullMarked;
