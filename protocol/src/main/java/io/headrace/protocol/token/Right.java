package io.headrace.protocol.token;

import java.util.Locale;

/** What a token permits. */
public enum Right {
    /** To look at names and members, and to read bytes of the mounts. */
    READ,
    /** To mount and unmount the origins of the mounts; reads, too. */
    MOUNT,
    /** To be a worker of the cluster; reads, too. */
    WORKER,
    /** To change the cluster and its quotas; mounts and reads, too. */
    ADMINISTER;

    /** Whether who has this right has the other, too. */
    public boolean includes(Right other) {
        return this == other || other == READ || (this == ADMINISTER && other == MOUNT);
    }

    /** As it is written in tokens and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when the word names none */
    public static Right of(String word) {
        for (Right right : values()) {
            if (right.word().equals(word)) {
                return right;
            }
        }
        throw new IllegalArgumentException(
                "\"" + word + "\" is no right; there are read, mount, worker and administer");
    }
}
