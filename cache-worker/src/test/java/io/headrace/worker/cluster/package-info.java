@NullMarked
package io.headrace.worker.cluster;

import org.jspecify.annotations.NullMarked;
