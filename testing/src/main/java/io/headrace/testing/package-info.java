@NullMarked
package io.headrace.testing;

import org.jspecify.annotations.NullMarked;
