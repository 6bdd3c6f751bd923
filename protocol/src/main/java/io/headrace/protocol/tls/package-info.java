/**
 * Mutual TLS between the processes of a cluster: {@link io.headrace.protocol.tls.TlsIdentity} is who a process is and
 * whom it believes, {@link io.headrace.protocol.tls.TlsTrouble} says in words why two do not come together.
 */
@NullMarked
package io.headrace.protocol.tls;

import org.jspecify.annotations.NullMarked;
