package io.headrace.fuse;

import io.headrace.client.ReadAhead;
import io.headrace.client.SiblingReadAhead;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.util.function.Function;

/**
 * What a mount shows, and how it guesses what will be read. The mount closes none of them.
 *
 * @param readAhead makes the read-ahead of one open file
 */
public record MountContent(
        Namespace namespace, FileOpener files, Function<FileEntry, ReadAhead> readAhead, SiblingReadAhead siblings) {}
