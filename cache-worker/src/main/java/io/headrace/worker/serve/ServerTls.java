package io.headrace.worker.serve;

import io.headrace.protocol.tls.TlsIdentity;
import java.time.Duration;

/** How a server meets clients by TLS. */
record ServerTls(TlsIdentity identity, Duration handshakeTimeout) {}
