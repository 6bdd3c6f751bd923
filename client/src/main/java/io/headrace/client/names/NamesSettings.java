package io.headrace.client.names;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a client knows the master's names. */
public record NamesSettings(
        @Setting(
                value = "How long a reader waits for the master to answer about a name that this client does not know.",
                defaultValue = "60s")
        Duration deadline,

        @Setting(
                value = "How long names that this client knows are believed after the master was last heard.",
                defaultValue = "10m")
        Duration withoutMaster,

        @Setting(value = "Most names that are remembered one by one, about 500 bytes each.", defaultValue = "100000")
        int remembered,

        @Setting(
                value = "Most names in directories that are remembered as a whole, about 400 bytes each.",
                defaultValue = "200000")
        int rememberedListings,

        @Setting(
                value = "A directory with more names is read page by page, and not remembered as a whole.",
                defaultValue = "4096")
        int page) {
    public NamesSettings {
        if (!deadline.isPositive() || withoutMaster.isNegative()) {
            throw new IllegalArgumentException("names.deadline is more than 0, names.without-master is not negative");
        }
        if (remembered < 0 || rememberedListings < 0 || page < 1) {
            throw new IllegalArgumentException(
                    "names.remembered and names.remembered-listings are not negative, names.page is from 1");
        }
    }

    public static NamesSettings defaults() {
        return new NamesSettings(Duration.ofSeconds(60), Duration.ofMinutes(10), 100_000, 200_000, 4096);
    }
}
