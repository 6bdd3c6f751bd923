/**
 * Outliving a crash: {@link io.headrace.fuse.recovery.Keeper} holds the connection while no daemon does and starts a
 * successor, which finds in {@link io.headrace.fuse.recovery.RecoveryState} what it cannot compute.
 */
@NullMarked
package io.headrace.fuse.recovery;

import org.jspecify.annotations.NullMarked;
