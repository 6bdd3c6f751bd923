/** Jobs of a cluster on the command line: {@link io.headrace.cli.jobs.JobsCommand}, and the load of a cluster's names. */
@NullMarked
package io.headrace.cli.jobs;

import org.jspecify.annotations.NullMarked;
