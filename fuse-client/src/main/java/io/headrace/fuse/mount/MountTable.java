package io.headrace.fuse.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is mounted in this process's mount namespace: {@code /proc/self/mountinfo}, see proc(5). */
public record MountTable(List<Mounted> mounts) {
    public static final String TYPE = "fuse.headrace";

    private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");

    public MountTable {
        mounts = List.copyOf(mounts);
    }

    /** @param deviceMinor of the file system's {@code st_dev}, whose major is 0 */
    public record Mounted(String mountPoint, String type, String source, int deviceMinor) {
        public boolean isHeadrace() {
            return type.equals(TYPE);
        }
    }

    public static MountTable read() throws IOException {
        return parse(Files.readAllLines(MOUNT_INFO, StandardCharsets.ISO_8859_1));
    }

    static MountTable parse(List<String> lines) {
        return new MountTable(lines.stream().map(MountTable::parseLine).toList());
    }

    /** The uppermost file system mounted at this very path. */
    public Optional<Mounted> at(Path mountPoint) {
        String wanted = mountPoint.toAbsolutePath().normalize().toString();
        return mounts.stream()
                .filter(mounted -> mounted.mountPoint().equals(wanted))
                .reduce((lower, upper) -> upper);
    }

    private static Mounted parseLine(String line) {
        String[] halves = line.split(" - ", 2);
        String[] left = halves[0].split(" ");
        String[] right = halves[1].split(" ");
        int minor = Integer.parseInt(left[2].substring(left[2].indexOf(':') + 1));
        return new Mounted(unescape(left[4]), right[0], unescape(right[1]), minor);
    }

    /** Space, tab, newline and backslash are written as {@code \040} and so on; the rest is the path's own bytes. */
    private static String unescape(String escaped) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 3 < escaped.length()) {
                bytes.append((char) Integer.parseInt(escaped, i + 1, i + 4, 8));
                i += 3;
            } else {
                bytes.append(c);
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
