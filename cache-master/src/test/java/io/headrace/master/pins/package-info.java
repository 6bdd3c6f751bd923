@NullMarked
package io.headrace.master.pins;

import org.jspecify.annotations.NullMarked;
