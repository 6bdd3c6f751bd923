package io.headrace.cli;

/** For people or for programs. */
public enum OutputFormat {
    TEXT,
    JSON
}
