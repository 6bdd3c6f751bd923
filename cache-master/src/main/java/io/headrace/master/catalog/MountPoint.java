package io.headrace.master.catalog;

import io.headrace.protocol.MountId;

/**
 * Where an origin is mounted.
 *
 * @param path names with slashes between; empty for the root
 * @param directoryId the mount's own directory
 */
record MountPoint(String path, long directoryId, MountId mountId) {}
