@NullMarked
package io.headrace.testing.faults;

import org.jspecify.annotations.NullMarked;
