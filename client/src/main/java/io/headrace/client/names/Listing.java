package io.headrace.client.names;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory as a whole.
 *
 * @param entries in the order of their names
 */
record Listing(List<Entry> entries, Belief belief) {
    Listing {
        entries = List.copyOf(entries);
    }

    Optional<Entry> find(EntryName name) {
        int index = indexOf(name);
        return index >= 0 ? Optional.of(entries.get(index)) : Optional.empty();
    }

    Listing outdated() {
        return new Listing(entries, belief.outdated());
    }

    /** With the name standing for {@code now}, or for nothing; to be asked for again. The same when it does already. */
    Listing changed(EntryName name, @Nullable Entry now) {
        int index = indexOf(name);
        if (index >= 0 ? entries.get(index).equals(now) : now == null) {
            return this;
        }
        List<Entry> changed = new ArrayList<>(entries);
        if (now == null) {
            changed.remove(index);
        } else if (index >= 0) {
            changed.set(index, now);
        } else {
            changed.add(-index - 1, now);
        }
        return new Listing(changed, belief.outdated());
    }

    /** @return as {@link java.util.Arrays#binarySearch} does */
    private int indexOf(EntryName name) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = entries.get(middle).name().compareTo(name);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    DirectoryCursor cursor() {
        return DirectoryCursor.over(entries, () -> {});
    }
}
