package io.headrace.cli.commands;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.control.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The paths that a command was given, as its mount's process knows them.
 *
 * @param paths from the mount's root, without a leading slash; {@code ""} is the root
 */
record TargetPaths(Instance instance, List<String> paths) {
    /** @throws CommandException when a path is in no mount, or two are in different ones */
    static TargetPaths of(List<Path> given) throws IOException, CommandException {
        if (given.isEmpty()) {
            return new TargetPaths(Instance.choose(Optional.empty()), List.of(""));
        }
        Instance instance = Instance.choose(Optional.of(given.getFirst()));
        List<String> paths = new ArrayList<>();
        for (Path path : given) {
            Path absolute = path.toAbsolutePath().normalize();
            if (!absolute.startsWith(instance.mountPoint())) {
                throw new CommandException(
                        ExitCode.USAGE,
                        path + " is not below " + instance.mountPoint() + ". Give the paths of one mount at a time");
            }
            paths.add(instance.mountPoint().relativize(absolute).toString());
        }
        return new TargetPaths(instance, paths);
    }
}
