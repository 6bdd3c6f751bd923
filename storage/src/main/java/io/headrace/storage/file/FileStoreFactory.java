package io.headrace.storage.file;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreFactory;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Set;

/** Opens {@code file:///FOLDER}. */
public final class FileStoreFactory implements UnderStoreFactory {
    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public String form() {
        return "file:///FOLDER";
    }

    @Override
    public UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        if (location.getRawAuthority() != null) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    location + " names a host (\"" + location.getRawAuthority()
                            + "\"). Write file:/// with three slashes and an absolute path; mount a remote folder (NFS) first");
        }
        if (location.isOpaque() || !location.getRawPath().startsWith("/")) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    location + " is not absolute. Write file:///FOLDER, such as file:///srv/models");
        }
        return new FileStore(location);
    }
}
