/**
 * A cluster for programs in Java: {@link io.headrace.client.sdk.Headrace} connects to a master, lists names and opens files, whose
 * bytes come from the workers straight into the caller's memory.
 */
@NullMarked
package io.headrace.client.sdk;

import org.jspecify.annotations.NullMarked;
