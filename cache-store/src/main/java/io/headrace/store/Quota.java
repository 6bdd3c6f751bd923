package io.headrace.store;

/**
 * The most that a data set may keep in each tier.
 *
 * @param objects files of any size
 */
public record Quota(long bytes, long objects) {
    public static final Quota NONE = new Quota(Long.MAX_VALUE, Long.MAX_VALUE);

    public Quota {
        if (bytes < 0 || objects < 0) {
            throw new IllegalArgumentException("a quota is not negative: " + bytes + " bytes, " + objects + " objects");
        }
    }
}
