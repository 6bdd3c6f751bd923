package io.headrace.worker;

import java.util.function.LongSupplier;

/** What all reads of a source share beside their origin. */
record FetchTools(FetchClock clock, StallWatch watch, LongSupplier seeds) {}
