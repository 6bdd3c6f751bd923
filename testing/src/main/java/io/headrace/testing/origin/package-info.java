/** Origins whose objects change, and whose every byte can be checked. */
@NullMarked
package io.headrace.testing.origin;

import org.jspecify.annotations.NullMarked;
