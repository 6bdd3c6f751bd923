@NullMarked
package io.headrace.store.eviction;

import org.jspecify.annotations.NullMarked;
