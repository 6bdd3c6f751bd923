package io.headrace.fuse;

import io.headrace.fuse.Succession.Remains;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.headrace.testing.ChildJvm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A daemon of its own process, for tests to kill. It mounts, or takes over, always the same names: {@code served},
 * {@code passed}; {@code late}, whose bytes only a successor has; {@code changed}, which a successor finds replaced.
 */
final class CrashingDaemon {
    static final int LENGTH = 8 << 20;

    private CrashingDaemon() {}

    /** The names, as every generation builds them. */
    record Names(MemoryNamespace tree, FileEntry served, FileEntry passed, FileEntry late, FileEntry changed) {
        static Names build() {
            MemoryNamespace tree = new MemoryNamespace();
            return new Names(
                    tree,
                    tree.file(Namespace.ROOT_ID, "served", LENGTH),
                    tree.file(Namespace.ROOT_ID, "passed", LENGTH),
                    tree.file(Namespace.ROOT_ID, "late", LENGTH),
                    tree.file(Namespace.ROOT_ID, "changed", LENGTH));
        }
    }

    static List<String> command(Path scratch) {
        return ChildJvm.command(CrashingDaemon.class, scratch.toString());
    }

    /** A directory of the mount's own, and one that a process with the lock may use. */
    private static List<Remains> remains(Path scratch) {
        return List.of(
                new Remains(scratch.resolve("it's own"), Optional.empty()),
                new Remains(scratch.resolve("shared"), Optional.of(scratch.resolve("lock"))));
    }

    public static void main(String[] arguments) throws Exception {
        Path scratch = Path.of(arguments[0]);
        List<String> successor =
                Files.exists(scratch.resolve("no-successor")) ? List.of("/bin/false") : command(scratch);
        Names names = Names.build();
        try (TemporaryStore store = new TemporaryStore(scratch.resolve("store"))) {
            store.complete(names.served()).pack();
            store.complete(names.passed());
            store.complete(names.changed()).pack();
            if (FuseMount.isSuccessor()) {
                store.complete(names.late());
                names.tree().file(Namespace.ROOT_ID, "changed", LENGTH);
            }
            MountTarget target = new MountTarget(
                    scratch.resolve("mnt"),
                    "test:crash",
                    Optional.of(new Succession(
                            scratch.resolve("state"), successor, 3, Duration.ofSeconds(30), remains(scratch))));
            MountContent content =
                    new MountContent(names.tree(), store, file -> Mounted.NO_READ_AHEAD, Mounted.NO_SIBLINGS);
            FuseMount mount = FuseMount.isSuccessor()
                    ? FuseMount.recover(target, Settings.direct(), content, new SimpleMeterRegistry())
                    : FuseMount.mount(target, Settings.direct(), content, new SimpleMeterRegistry());
            Files.writeString(
                    scratch.resolve("pid.new"),
                    Long.toString(ProcessHandle.current().pid()));
            Files.writeString(
                    scratch.resolve("keeper"),
                    Long.toString(mount.keeperProcess().orElseThrow()));
            Files.move(
                    scratch.resolve("pid.new"),
                    scratch.resolve("pid"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            mount.awaitUnmounted();
        }
        System.exit(0);
    }
}
