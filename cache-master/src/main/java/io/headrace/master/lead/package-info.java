/** Which master of a cluster leads: {@link io.headrace.master.lead.LeaderLock}. */
@NullMarked
package io.headrace.master.lead;

import org.jspecify.annotations.NullMarked;
