@NullMarked
package io.headrace.worker.pin;

import org.jspecify.annotations.NullMarked;
