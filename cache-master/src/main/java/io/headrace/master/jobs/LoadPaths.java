package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.v1.JobSpec;
import java.util.List;

/** The paths of a load, each once and none below another. */
final class LoadPaths {
    private static final int MOST = 10_000;
    private static final int MOST_REPLICAS = 16;

    private LoadPaths() {}

    /** @throws IllegalArgumentException when it can be no job; the message says why */
    static void require(JobSpec spec) {
        if (spec.getLoad().getPathsCount() == 0 || spec.getLoad().getPathsCount() > MOST) {
            throw new IllegalArgumentException("a load names 1 to " + MOST + " paths");
        }
        if (spec.getLoad().getReplicas() < 0 || spec.getLoad().getReplicas() > MOST_REPLICAS) {
            throw new IllegalArgumentException("replicas are 1 to " + MOST_REPLICAS);
        }
        spec.getLoad().getPathsList().stream().map(LoadPaths::tidy).forEach(LoadPaths::requirePath);
    }

    static void requirePath(String path) {
        for (String name : path.split("/", -1)) {
            if (!path.isEmpty() && !EntryName.isValid(Bytes.utf8(name))) {
                throw new IllegalArgumentException("\"" + path + "\" is no path: write NAME or NAME/PATH");
            }
        }
    }

    static JobSpec tidy(JobSpec spec) {
        List<String> paths = spec.getLoad().getPathsList().stream()
                .map(LoadPaths::tidy)
                .distinct()
                .sorted()
                .toList();
        List<String> outermost = paths.stream()
                .filter(path -> paths.stream().noneMatch(above -> isBelow(path, above)))
                .toList();
        JobSpec.Builder tidied = spec.toBuilder();
        tidied.getLoadBuilder().clearPaths().addAllPaths(outermost);
        return tidied.build();
    }

    static String tidy(String path) {
        return path.replaceAll("^/+|/+$", "");
    }

    private static boolean isBelow(String path, String above) {
        return !path.equals(above) && (above.isEmpty() || path.startsWith(above + "/"));
    }
}
