@NullMarked
package io.headrace.worker.demand;

import org.jspecify.annotations.NullMarked;
