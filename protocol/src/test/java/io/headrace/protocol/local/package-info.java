@NullMarked
package io.headrace.protocol.local;

import org.jspecify.annotations.NullMarked;
