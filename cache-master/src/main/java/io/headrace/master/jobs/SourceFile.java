package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;

/**
 * A file that a job is about.
 *
 * @param path from the root of the names
 */
record SourceFile(Bytes path, FileVersion version) {}
