/** What a worker keeps from eviction because its cluster pins it: {@link io.headrace.worker.pin.KeptPins}. */
@NullMarked
package io.headrace.worker.pin;

import org.jspecify.annotations.NullMarked;
