package io.headrace.protocol.names;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.NameChange;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Entries and changes as messages, and back. What comes from outside is checked: it is a value or an IOException. */
public final class NamesCodec {
    private static final long MOST_ID = 1L << 60;

    private NamesCodec() {}

    public static CatalogEntry toMessage(Entry entry) {
        Instant modified = entry.modified();
        CatalogEntry.Builder message = CatalogEntry.newBuilder()
                .setId(entry.id())
                .setName(toMessage(entry.name()))
                .setModifiedUnixSeconds(modified.getEpochSecond())
                .setModifiedNanos(modified.getNano());
        if (entry instanceof FileEntry file) {
            message.setVersion(UnsafeByteOperations.unsafeWrap(VersionCodec.encode(file.version())));
        }
        return message.build();
    }

    /** @throws IOException when the message is no entry */
    public static Entry fromMessage(CatalogEntry message) throws IOException {
        long id = id(message.getId());
        EntryName name = name(message.getName());
        Instant modified = instant(message.getModifiedUnixSeconds(), message.getModifiedNanos());
        return message.hasVersion()
                ? new FileEntry(
                        id, name, VersionCodec.decode(message.getVersion().asReadOnlyByteBuffer()), modified)
                : new DirectoryEntry(id, name, modified);
    }

    public static ByteString toMessage(EntryName name) {
        return UnsafeByteOperations.unsafeWrap(name.bytes().asByteBuffer());
    }

    /** @throws IOException when the bytes are no name */
    public static EntryName name(ByteString bytes) throws IOException {
        Bytes name = Bytes.copyOf(bytes.asReadOnlyByteBuffer());
        if (!EntryName.isValid(name)) {
            throw new IOException("the other side sent " + name.length() + " bytes that are no file name");
        }
        return new EntryName(name);
    }

    public static NameChange toMessage(NamespaceChange.OfName change) {
        NameChange.Builder message =
                NameChange.newBuilder().setDirectoryId(change.directoryId()).setName(toMessage(change.name()));
        switch (change) {
            case NamespaceChange.Added added -> message.setEntry(toMessage(added.entry()));
            case NamespaceChange.Replaced replaced ->
                message.setPreviousId(replaced.previousId()).setEntry(toMessage(replaced.entry()));
            case NamespaceChange.Removed removed -> message.setPreviousId(removed.previousId());
        }
        return message.build();
    }

    /** @throws IOException when the message is no change */
    public static NamespaceChange.OfName fromMessage(NameChange message) throws IOException {
        long directory = id(message.getDirectoryId());
        EntryName name = name(message.getName());
        if (!message.hasEntry()) {
            return new NamespaceChange.Removed(directory, name, id(message.getPreviousId()));
        }
        Entry entry = fromMessage(message.getEntry());
        return message.hasPreviousId()
                ? new NamespaceChange.Replaced(directory, name, id(message.getPreviousId()), entry)
                : new NamespaceChange.Added(directory, name, entry);
    }

    private static long id(long id) throws IOException {
        if (id < 1 || id > MOST_ID) {
            throw new IOException("the other side sent " + id + " as the id of an entry");
        }
        return id;
    }

    private static Instant instant(long seconds, int nanos) throws IOException {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IOException("the other side sent a time with " + nanos + " ns");
        }
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException e) {
            throw new IOException("the other side sent a time that no clock shows: " + seconds + " s", e);
        }
    }
}
