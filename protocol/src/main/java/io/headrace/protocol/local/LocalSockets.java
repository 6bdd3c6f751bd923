package io.headrace.protocol.local;

import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.unix.RuntimeDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Where the workers of a machine have their sockets: each one of its id's name, so that the name tells whose it is.
 *
 * @param isChosen somebody named the directory, so that its owner is trusted; else that must be root or this process's user
 */
public record LocalSockets(Path directory, boolean isChosen) {
    private static final String ENDING = ".sock";

    public Path of(WorkerId worker) {
        return directory.resolve(worker + ENDING);
    }

    /**
     * The ids of this machine's workers; dead ones may be among them, and names that are no ids. None where others could put
     * sockets of their own.
     *
     * @throws IOException when it cannot be looked into
     */
    public Set<String> present() throws IOException {
        Set<String> present = new HashSet<>();
        try {
            if (!RuntimeDirectory.isSafe(directory) || !isOwnerTrusted()) {
                return present;
            }
            try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory, "*" + ENDING)) {
                for (Path socket : sockets) {
                    String name = directory.relativize(socket).toString();
                    present.add(name.substring(0, name.length() - ENDING.length()));
                }
            }
            return present;
        } catch (NoSuchFileException | NotDirectoryException none) {
            return present;
        }
    }

    private boolean isOwnerTrusted() throws IOException {
        int owner = RuntimeDirectory.owner(directory);
        return isChosen || owner == 0 || owner == RuntimeDirectory.user();
    }
}
