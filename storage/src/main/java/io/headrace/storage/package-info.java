/**
 * Origins: one port, {@link io.headrace.storage.UnderStore}, and one package for each kind of store behind it.
 * {@link io.headrace.storage.UnderStores} finds the right one for a URI.
 */
@NullMarked
package io.headrace.storage;

import org.jspecify.annotations.NullMarked;
