/**
 * Jobs of a cluster on the command line: {@link io.headrace.cli.jobs.JobsCommand}, the load of a cluster's
 * names, and copies from origin to origin.
 */
@NullMarked
package io.headrace.cli.jobs;

import org.jspecify.annotations.NullMarked;
