package io.headrace.client;

import io.headrace.protocol.EntryName;
import java.util.List;

/** Chooses how a file or a mount is read ahead. */
public final class ReadAheads {
    private ReadAheads() {}

    /** One for each file (version), shared by all its readers: streams are told apart by position. */
    public static ReadAhead forFile(EntryName name, long lengthBytes, ReadAheadSettings settings) {
        if (!settings.enabled() || lengthBytes == 0) {
            return none();
        }
        if (name.bytes().toString().endsWith(".index.json")) {
            return new ShardIndexReadAhead(lengthBytes);
        }
        if (lengthBytes <= settings.wholeFileUpTo().bytes()) {
            return new WholeFileReadAhead(lengthBytes);
        }
        return new StreamReadAhead(lengthBytes, settings, Shards.after(name));
    }

    /** Fetches nothing ahead; for any number of files. */
    public static ReadAhead none() {
        return new NoReadAhead();
    }

    /** One for each mount. */
    public static SiblingReadAhead forDirectories(ReadAheadSettings settings) {
        if (!settings.enabled() || settings.siblingMisses() == 0) {
            return (directoryId, fileId) -> List.of();
        }
        return new DirectoryReadAhead(settings.siblingMisses());
    }
}
