package io.headrace.worker;

import io.headrace.protocol.Entry.FileEntry;

/** @param path as a person would write it, from the root of the namespace, without a leading slash */
public record SelectedFile(String path, FileEntry entry) {}
