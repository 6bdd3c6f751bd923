package io.headrace.fuse;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a mount behaves. */
public record FuseSettings(
        @Setting(
                value = "Threads that answer the kernel. Each waits for no origin, so a few are enough.",
                defaultValue = "2")
        int threads,

        @Setting(
                value =
                        "How long the kernel may believe a name without asking. Changes that Headrace learns of are told"
                                + " to the kernel at once; this bounds what it may miss.",
                defaultValue = "60s")
        Duration nameValidity,

        @Setting(
                value = "How far the kernel reads ahead in a file that is not complete in the cache yet. Needs root;"
                        + " else the kernel's 128KiB stays.",
                defaultValue = "16MiB")
        ByteSize readAhead,

        @Setting(
                value = "Let the kernel read complete cache files by itself where it can (Linux 6.9, CAP_SYS_ADMIN).",
                defaultValue = "true")
        boolean passthrough,

        @Setting(
                value = "Read incomplete files without the kernel's page cache: faster for reads of 1 MiB and more,"
                        + " slower for mmap and small reads.",
                defaultValue = "false")
        boolean directReads,

        @Setting(
                value = "Files up to this length are expected to be packed in the cache, and are fetched with their"
                        + " siblings when a reader works through a directory.",
                defaultValue = "1MiB")
        ByteSize smallFile,

        @Setting(value = "Most files open at a time; more get ENFILE.", defaultValue = "100000")
        int maxOpenFiles,

        @Setting(value = "Let users other than the one who mounts read.", defaultValue = "false")
        boolean allowOther,

        @Setting(value = "Mount over a directory that is not empty, hiding what it holds.", defaultValue = "false")
        boolean allowNonEmpty,

        @Setting(value = "Mount by fusermount3 even where mount(2) is allowed.", defaultValue = "false")
        boolean fusermount,

        @Setting(value = "Owner of everything; -1 for the user who mounts.", defaultValue = "-1")
        int uid,

        @Setting(value = "Group of everything; -1 for that of the user who mounts.", defaultValue = "-1")
        int gid,

        @Setting(value = "Permission bits of files, octal.", defaultValue = "0444")
        String fileMode,

        @Setting(value = "Permission bits of directories, octal.", defaultValue = "0555")
        String directoryMode) {

    public FuseSettings {
        require(threads >= 1 && threads <= 64, "fuse.threads is from 1 to 64, not " + threads);
        require(!nameValidity.isNegative(), "fuse.name-validity is not negative: " + nameValidity);
        require(maxOpenFiles >= 1, "fuse.max-open-files is at least 1, not " + maxOpenFiles);
        permissions("fuse.file-mode", fileMode);
        permissions("fuse.directory-mode", directoryMode);
    }

    public static FuseSettings defaults() {
        return new FuseSettings(
                2,
                Duration.ofSeconds(60),
                ByteSize.ofMebibytes(16),
                true,
                false,
                ByteSize.ofMebibytes(1),
                100_000,
                false,
                false,
                false,
                -1,
                -1,
                "0444",
                "0555");
    }

    public int filePermissions() {
        return permissions("fuse.file-mode", fileMode);
    }

    public int directoryPermissions() {
        return permissions("fuse.directory-mode", directoryMode);
    }

    private static int permissions(String key, String octal) {
        require(octal.matches("0?[0-7]{3}"), key + " is three octal digits, such as 0444, not \"" + octal + "\"");
        return Integer.parseInt(octal, 8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
