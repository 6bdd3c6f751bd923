/**
 * The names of one or more origins as a versioned snapshot on the local disk: {@link io.headrace.master.catalog.Catalog}.
 */
@NullMarked
package io.headrace.master.catalog;

import org.jspecify.annotations.NullMarked;
