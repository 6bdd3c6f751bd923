@NullMarked
package io.headrace.master;

import org.jspecify.annotations.NullMarked;
