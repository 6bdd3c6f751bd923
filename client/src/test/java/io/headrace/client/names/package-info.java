/** Tests against a master that is made by hand. */
@NullMarked
package io.headrace.client.names;

import org.jspecify.annotations.NullMarked;
