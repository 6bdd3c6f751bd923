@NullMarked
package io.headrace.worker.local;

import org.jspecify.annotations.NullMarked;
