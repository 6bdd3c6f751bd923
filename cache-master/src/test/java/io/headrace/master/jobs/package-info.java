@NullMarked
package io.headrace.master.jobs;

import org.jspecify.annotations.NullMarked;
