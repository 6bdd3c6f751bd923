package io.headrace.fuse;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where to mount.
 *
 * @param source what {@code mount} and {@code df} show as the device, such as the origin's URI; no credentials
 * @param succession who takes over after a crash; without one, a crash ends the mount
 */
public record MountTarget(Path mountPoint, String source, Optional<Succession> succession) {}
