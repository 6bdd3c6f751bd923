/** Web servers for tests: one that serves files with ranges, and one whose every answer is written by the test. */
@NullMarked
package io.headrace.testing.web;

import org.jspecify.annotations.NullMarked;
