/** A network of hosts on one machine, with rates and cut links: {@code testing/network} from Java. */
@NullMarked
package io.headrace.testing.network;

import org.jspecify.annotations.NullMarked;
