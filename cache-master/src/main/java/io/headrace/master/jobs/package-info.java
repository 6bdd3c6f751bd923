/**
 * Loads and migrates that outlive those who asked for them: {@link io.headrace.master.jobs.Jobs} keeps them on disk, walks the
 * files, and gives workers tasks. See docs/design/jobs.md.
 */
@NullMarked
package io.headrace.master.jobs;

import org.jspecify.annotations.NullMarked;
