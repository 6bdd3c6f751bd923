package io.headrace.protocol;

/**
 * One component of a path in a {@link Namespace}: 1 to 255 bytes ({@code NAME_MAX} of Linux), without {@code '/'} and
 * {@code NUL}, and neither {@code "."} nor {@code ".."}.
 */
public record EntryName(Bytes bytes) implements Comparable<EntryName> {
    public static final int MAX_BYTES = 255;

    public EntryName {
        if (!isValid(bytes)) {
            throw new IllegalArgumentException("not a file name: \"" + bytes + "\"");
        }
    }

    public static EntryName of(String name) {
        return new EntryName(Bytes.utf8(name));
    }

    public static boolean isValid(Bytes name) {
        return isValid(name, 0);
    }

    /** Whether the bytes from here to the end are a name. */
    public static boolean isValid(Bytes path, int from) {
        int length = path.length() - from;
        if (length <= 0 || length > MAX_BYTES) {
            return false;
        }
        for (int i = from; i < path.length(); i++) {
            byte b = path.at(i);
            if (b == '/' || b == 0) {
                return false;
            }
        }
        boolean dots = length <= 2 && path.at(from) == '.' && path.endsWith((byte) '.');
        return !dots;
    }

    @Override
    public int compareTo(EntryName that) {
        return bytes.compareTo(that.bytes);
    }

    @Override
    public String toString() {
        return bytes.toString();
    }
}
