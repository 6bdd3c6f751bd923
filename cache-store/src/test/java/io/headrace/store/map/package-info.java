@NullMarked
package io.headrace.store.map;

import org.jspecify.annotations.NullMarked;
