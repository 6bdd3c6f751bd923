@NullMarked
package io.headrace.master.backup;

import org.jspecify.annotations.NullMarked;
