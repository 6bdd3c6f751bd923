package io.headrace.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What a check may ask a machine. No answer waits for a file system that does not answer. */
interface Host {
    /** The text of a small file; empty when there is none or it may not be read. Files that end in .gz are unpacked. */
    Optional<String> read(Path file);

    Access access(Path path);

    /** Where a program is that the shell would find. */
    Optional<Path> program(String name);

    /** What holds the path, or would after its missing folders were made; empty when that cannot be known. */
    Optional<Disk> disk(Path path);

    long userId();

    /** The feature version of the Java that runs. */
    int javaVersion();

    /** Milliseconds that a look at the path took; empty when it did not answer in time. */
    OptionalLong responds(Path path);

    /** Writes and reads a file of its own beside the path; empty when it cannot. It takes seconds at most. */
    Optional<DiskSpeed> measureDisk(Path path);

    /** @param readBytesPerSecond past the page cache; 0 where that cannot be measured */
    record DiskSpeed(long writtenBytesPerSecond, long readBytesPerSecond) {}

    /** What may be done with a path. */
    record Access(boolean exists, boolean readable, boolean writable) {}

    /** @param type of the file system, as {@code df -T} shows it */
    record Disk(String type, long totalBytes, long freeBytes) {}

    /** A numeric file, such as those below /sys. */
    default OptionalLong number(Path file) {
        return read(file)
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** The value of a {@code Name: value} line, as in {@code /proc/self/status}. */
    default Optional<String> field(Path file, String name) {
        return read(file).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length())
                        .replaceFirst("^:?\\s+", "")
                        .strip())
                .findFirst();
    }
}
