/** Tests over real connections on this machine. */
@NullMarked
package io.headrace.master.serve;

import org.jspecify.annotations.NullMarked;
