package io.headrace.cli.doctor;

import io.headrace.protocol.ByteSize;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Whether the cache directory lies on a disk that suits it. */
final class CacheDiskCheck implements Check {
    private static final Set<String> NETWORK =
            Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "lustre", "virtiofs");
    private static final ByteSize LITTLE = ByteSize.ofGibibytes(10);

    private final Path directory;

    CacheDiskCheck(Path directory) {
        this.directory = directory;
    }

    @Override
    public String subject() {
        return "cache directory";
    }

    @Override
    public Finding judge(Host host) {
        Optional<Host.Disk> found = host.disk(directory);
        if (found.isEmpty()) {
            return Finding.broken(directory + " cannot be used", "choose another with --cache DIR");
        }
        Host.Disk disk = found.get();
        ByteSize free = new ByteSize(disk.freeBytes());
        String seen = directory + ": " + free + " free of " + new ByteSize(disk.totalBytes()) + ", " + disk.type();
        if (NETWORK.contains(disk.type()) || disk.type().startsWith("fuse")) {
            return Finding.slow(seen + ", a network file system", "choose a local disk with --cache DIR");
        }
        if (disk.type().equals("overlay")) {
            return Finding.slow(
                    seen + ", a container's own layer",
                    "mount a volume (emptyDir, hostPath) and name it with --cache DIR");
        }
        if (free.compareTo(LITTLE) < 0) {
            return Finding.slow(seen, "free some, or choose another disk with --cache DIR");
        }
        return Finding.good(seen);
    }
}
