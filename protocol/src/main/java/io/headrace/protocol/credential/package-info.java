/**
 * Files by which a process says who it is and whom it believes: {@link io.headrace.protocol.credential.PemFile} reads
 * one, {@link io.headrace.protocol.credential.Reloaded} reads it again when it changes, and what is wrong with one is a
 * {@link io.headrace.protocol.credential.CredentialException}.
 */
@NullMarked
package io.headrace.protocol.credential;

import org.jspecify.annotations.NullMarked;
