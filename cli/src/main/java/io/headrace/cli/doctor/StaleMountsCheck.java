package io.headrace.cli.doctor;

import io.headrace.fuse.mount.MountTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether mounts are left whose process died: "transport endpoint is not connected". */
final class StaleMountsCheck implements Check {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    @Override
    public String subject() {
        return "stale mounts";
    }

    @Override
    public Finding judge(Host host) {
        List<String> ours = host.read(MOUNTS).stream()
                .flatMap(String::lines)
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 2 && fields[2].equals(MountTable.TYPE))
                .map(fields -> fields[1].replace("\\040", " "))
                .toList();
        List<String> silent = new ArrayList<>();
        for (String mountPoint : ours) {
            if (host.responds(Path.of(mountPoint)).isEmpty()) {
                silent.add(mountPoint);
            }
        }
        if (silent.isEmpty()) {
            return Finding.good(ours.isEmpty() ? "none" : "none; " + ours.size() + " Headrace mounts answer");
        }
        return Finding.broken(
                "no answer from " + String.join(", ", silent),
                silent.stream()
                        .map(mountPoint -> "headrace umount " + mountPoint)
                        .collect(Collectors.joining("; ")));
    }
}
