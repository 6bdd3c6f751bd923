package io.headrace.cli.bench;

import java.nio.file.Path;

/** A file that may be read. */
record BenchFile(Path path, long lengthBytes) {}
