package io.headrace.cli.daemon;

import io.headrace.store.Quota;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An origin as it stands on the command line.
 *
 * @param subdirectory where it appears below the mount point; empty for the mount point itself
 * @param quota the most that each tier keeps of it
 */
record OriginArgument(URI uri, String subdirectory, Quota quota) {
    OriginArgument(URI uri, String subdirectory) {
        this(uri, subdirectory, Quota.NONE);
    }

    OriginArgument withQuota(Quota wanted) {
        return new OriginArgument(uri, subdirectory, wanted);
    }

    /**
     * One origin alone fills the mount point. Several are written {@code URI=subdirectory} each; the last {@code =}
     * counts, so URIs may hold others.
     *
     * @throws IllegalArgumentException when one of several names no subdirectory, or a URI is malformed
     */
    static List<OriginArgument> parse(List<String> texts) {
        if (texts.size() == 1) {
            return List.of(new OriginArgument(uri(texts.getFirst()), ""));
        }
        List<OriginArgument> origins = new ArrayList<>();
        for (String text : texts) {
            int equals = text.lastIndexOf('=');
            if (equals < 0 || equals == text.length() - 1) {
                throw new IllegalArgumentException("with several origins each is written URI=SUBDIRECTORY, such as "
                        + text + "=" + "models; \"" + text + "\" names no subdirectory");
            }
            origins.add(new OriginArgument(uri(text.substring(0, equals)), text.substring(equals + 1)));
        }
        return origins;
    }

    private static URI uri(String text) {
        if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
            return Path.of(text).toAbsolutePath().normalize().toUri();
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no URI: " + e.getReason() + ". Write spaces as %20", e);
        }
    }
}
