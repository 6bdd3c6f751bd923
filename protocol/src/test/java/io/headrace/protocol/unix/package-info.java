@NullMarked
package io.headrace.protocol.unix;

import org.jspecify.annotations.NullMarked;
