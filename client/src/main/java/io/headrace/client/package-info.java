/**
 * How clients read: {@link io.headrace.client.ReadAhead} watches the reads of one file and says what to fetch before it
 * is asked for; {@link io.headrace.client.SiblingReadAhead} does the same for the small files of a directory.
 */
@NullMarked
package io.headrace.client;

import org.jspecify.annotations.NullMarked;
