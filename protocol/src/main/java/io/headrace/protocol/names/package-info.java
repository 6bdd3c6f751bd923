/** How names and the failures to find them go over gRPC: the messages of catalog.proto and failure.proto. */
@NullMarked
package io.headrace.protocol.names;

import org.jspecify.annotations.NullMarked;
