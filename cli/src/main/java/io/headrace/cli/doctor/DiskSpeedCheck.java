package io.headrace.cli.doctor;

import io.headrace.protocol.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/** How fast the cache's disk is: a file that is not complete cannot be filled faster than it is written. */
final class DiskSpeedCheck implements Check {
    private static final long SLOW_WRITE = 200_000_000;

    private final Path directory;

    DiskSpeedCheck(Path directory) {
        this.directory = directory;
    }

    @Override
    public String subject() {
        return "cache disk speed";
    }

    @Override
    public Finding judge(Host host) {
        Optional<Host.DiskSpeed> measured = host.measureDisk(directory);
        if (measured.isEmpty()) {
            return Finding.broken("nothing can be written to " + directory, "choose another with --cache DIR");
        }
        Host.DiskSpeed speed = measured.get();
        String seen = "writes " + new ByteSize(speed.writtenBytesPerSecond()) + "/s"
                + (speed.readBytesPerSecond() == 0 ? "" : ", reads " + new ByteSize(speed.readBytesPerSecond()) + "/s");
        return speed.writtenBytesPerSecond() < SLOW_WRITE
                ? Finding.slow(seen, "choose a local SSD with --cache DIR, or keep all in memory with --memory SIZE")
                : Finding.good(seen);
    }
}
