/**
 * The origins of a cluster's data sets: a {@link io.headrace.worker.dataset.DataSetDirectory} knows where each lies, and
 * {@link io.headrace.worker.dataset.DataSetOrigins} reads them.
 */
@NullMarked
package io.headrace.worker.dataset;

import org.jspecify.annotations.NullMarked;
