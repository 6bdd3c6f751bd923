/** Certificates for tests, and for trying a cluster. */
@NullMarked
package io.headrace.testing.tls;

import org.jspecify.annotations.NullMarked;
