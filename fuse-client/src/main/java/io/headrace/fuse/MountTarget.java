package io.headrace.fuse;

import java.nio.file.Path;

/**
 * Where to mount.
 *
 * @param source what {@code mount} and {@code df} show as the device, such as the origin's URI; no credentials
 */
public record MountTarget(Path mountPoint, String source) {}
