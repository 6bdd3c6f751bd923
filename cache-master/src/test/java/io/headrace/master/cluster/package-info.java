@NullMarked
package io.headrace.master.cluster;

import org.jspecify.annotations.NullMarked;
