/**
 * A cluster of real processes on a {@link io.headrace.testing.network.TestNetwork} under a steady load whose every byte is
 * checked, while parts of it die, hang, lose their links or their disk: {@link io.headrace.testing.faults.FaultSuite}.
 */
@NullMarked
package io.headrace.testing.faults;

import org.jspecify.annotations.NullMarked;
