/**
 * Who may call what: {@link io.headrace.master.access.AccessInterceptor} asks each call for a token, {@link
 * io.headrace.master.access.MethodRights} is the table, and services ask {@link io.headrace.master.access.Caller} about
 * mounts.
 */
@NullMarked
package io.headrace.master.access;

import org.jspecify.annotations.NullMarked;
