@NullMarked
package io.headrace.client.local;

import org.jspecify.annotations.NullMarked;
