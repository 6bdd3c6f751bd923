@NullMarked
package io.headrace.testing.network;

import org.jspecify.annotations.NullMarked;
