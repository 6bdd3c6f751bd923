package io.headrace.protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size as people write it: {@code "64MiB"}, {@code "1.5GiB"}, {@code "125MB"}, {@code "4096"}. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern TEXT =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGTP]?)(i?)B?", Pattern.CASE_INSENSITIVE);
    private static final String PREFIXES = "KMGTP";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative size: " + bytes);
        }
    }

    public static ByteSize ofMebibytes(long mebibytes) {
        return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    public static ByteSize ofGibibytes(long gibibytes) {
        return new ByteSize(Math.multiplyExact(gibibytes, 1L << 30));
    }

    /**
     * Reads a number with an optional unit: {@code K, M, G, T, P} and their {@code B} forms are powers of 1000, the
     * {@code i} forms ({@code KiB}) powers of 1024.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a size: \"" + text + "\"; write a number with a unit, such as 512MiB or 20GB");
        }
        String prefix = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = prefix.isEmpty() ? 0 : PREFIXES.indexOf(prefix) + 1;
        double unit = Math.pow(matcher.group(3).isEmpty() ? 1000 : 1024, power);
        return new ByteSize(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }

    @Override
    public int compareTo(ByteSize that) {
        return Long.compare(bytes, that.bytes);
    }

    /** The exact count in the largest binary unit that divides it, else one decimal: {@code "4MiB"}, {@code "1.3GiB"}. */
    @Override
    public String toString() {
        if (bytes < 1024) {
            return bytes + "B";
        }
        int power = Math.min(PREFIXES.length(), (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        double value = bytes / Math.pow(1024, power);
        String number =
                value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
        return number + PREFIXES.charAt(power - 1) + "iB";
    }
}
