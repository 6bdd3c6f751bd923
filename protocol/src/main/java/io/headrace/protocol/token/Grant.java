package io.headrace.protocol.token;

import io.headrace.protocol.MountId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a token says.
 *
 * @param id tells tokens apart, in logs
 * @param tenant for whom it was made
 * @param scope the mounts that it covers
 */
public record Grant(String id, String tenant, Scope scope, Set<Right> rights, Validity validity) {
    static final int MOST_CHARACTERS = 128;

    public Grant {
        if (id.isBlank() || tenant.isBlank() || id.length() > MOST_CHARACTERS || tenant.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a token names a tenant and has an id, of 1 to 128 characters each");
        }
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("a token without a right permits nothing");
        }
        rights = Set.copyOf(EnumSet.copyOf(rights));
    }

    /** Of what mounts. */
    public sealed interface Scope {
        boolean covers(MountId mount);

        /** All that the cluster has and will have. */
        record AllMounts() implements Scope {
            @Override
            public boolean covers(MountId mount) {
                return true;
            }
        }

        /** These. */
        record Mounts(Set<MountId> ids) implements Scope {
            public Mounts {
                ids = Set.copyOf(ids);
                if (ids.isEmpty()) {
                    throw new IllegalArgumentException("a token covers at least one data set");
                }
            }

            @Override
            public boolean covers(MountId mount) {
                return ids.contains(mount);
            }
        }
    }

    /** From when until when, to the second. */
    public record Validity(Instant notBefore, Instant expires) {
        public Validity {
            if (!notBefore.isBefore(expires)) {
                throw new IllegalArgumentException("a token that expires at " + expires + " is never valid");
            }
        }
    }

    public boolean permits(Right right) {
        return rights.stream().anyMatch(held -> held.includes(right));
    }

    public boolean covers(MountId mount) {
        return scope.covers(mount);
    }

    /** Why what is of the mount is out of reach, for people; empty when it is not. */
    public Optional<String> refusal(MountId mount) {
        return covers(mount)
                ? Optional.empty()
                : Optional.of(name() + " does not cover mount " + mount
                        + "; get one that does: headrace token create --data-set " + mount);
    }

    /** As messages call it. */
    public String name() {
        return "token " + id + " of tenant " + tenant;
    }
}
