/** Tests of the messages themselves. */
@NullMarked
package io.headrace.protocol.v1;

import org.jspecify.annotations.NullMarked;
