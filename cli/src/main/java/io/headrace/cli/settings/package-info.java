/** Settings files, environment variables and their reference, read off the modules' settings records. */
@NullMarked
package io.headrace.cli.settings;

import org.jspecify.annotations.NullMarked;
