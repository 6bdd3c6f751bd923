package io.headrace.testing.network;

/**
 * A host of a {@link TestNetwork}.
 *
 * @param name lower case letters and digits
 * @param megabits what its link carries in a second, each way
 */
public record NetworkHost(String name, int megabits) {
    public NetworkHost {
        if (!name.matches("[a-z0-9]+") || megabits < 1) {
            throw new IllegalArgumentException("not a host: \"" + name + "\" at " + megabits + " Mbit/s");
        }
    }
}
