@NullMarked
package io.headrace.client.cluster;

import org.jspecify.annotations.NullMarked;
