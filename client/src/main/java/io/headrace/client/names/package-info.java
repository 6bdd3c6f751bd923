/**
 * The names that a master serves, as a {@link io.headrace.protocol.Namespace} of this process: {@link
 * io.headrace.client.names.RemoteNamespace}.
 */
@NullMarked
package io.headrace.client.names;

import org.jspecify.annotations.NullMarked;
