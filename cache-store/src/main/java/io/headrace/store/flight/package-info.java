/**
 * Getting absent blocks: one {@link io.headrace.store.flight.Flight} for each, flown by the threads of the
 * {@link io.headrace.store.flight.FlightScheduler} in buffers of a fixed budget.
 */
@NullMarked
package io.headrace.store.flight;

import org.jspecify.annotations.NullMarked;
