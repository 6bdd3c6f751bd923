@NullMarked
package io.headrace.master.lead;

import org.jspecify.annotations.NullMarked;
