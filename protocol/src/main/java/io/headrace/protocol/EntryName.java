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
        boolean dots = name.length() <= 2 && name.indexOf((byte) '.', 0) == 0 && name.endsWith((byte) '.');
        return !name.isEmpty()
                && name.length() <= MAX_BYTES
                && !dots
                && name.indexOf((byte) '/', 0) < 0
                && name.indexOf((byte) 0, 0) < 0;
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
