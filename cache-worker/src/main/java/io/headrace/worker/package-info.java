/**
 * Getting bytes: {@link io.headrace.worker.OriginSource} reads origins within their limits and retries what may
 * succeed; {@link io.headrace.worker.FileLoader} brings whole trees into the store.
 */
@NullMarked
package io.headrace.worker;

import org.jspecify.annotations.NullMarked;
