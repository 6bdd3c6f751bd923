/** Alibaba Cloud OSS. */
@NullMarked
package io.headrace.storage.oss;

import org.jspecify.annotations.NullMarked;
