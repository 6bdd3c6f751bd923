/**
 * Who this process is in its cluster and whom it lets in ({@link io.headrace.cli.security.Security}), and the commands that
 * make tokens and certificates.
 */
@NullMarked
package io.headrace.cli.security;

import org.jspecify.annotations.NullMarked;
