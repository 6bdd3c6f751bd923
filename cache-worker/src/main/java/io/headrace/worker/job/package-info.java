/**
 * A worker's part in jobs: {@link io.headrace.worker.job.JobRunner} fetches tasks from the master, does them, and reports. See
 * docs/design/jobs.md.
 */
@NullMarked
package io.headrace.worker.job;

import org.jspecify.annotations.NullMarked;
