package io.headrace.cli.doctor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A machine made of what the test says; a good one to begin with. */
final class FakeHost implements Host {
    private final Map<Path, String> files = new HashMap<>();
    private final Map<Path, Access> accesses = new HashMap<>();
    private final Set<String> programs = new HashSet<>(Set.of("fusermount3"));
    private final Set<Path> silent = new HashSet<>();
    private Optional<Disk> disk = Optional.of(new Disk("ext4", 1L << 40, 1L << 39));
    private Optional<DiskSpeed> speed = Optional.of(new DiskSpeed(1_000_000_000, 2_000_000_000));
    private long userId;
    private int javaVersion = 25;

    static FakeHost good() {
        return new FakeHost()
                .file("/proc/sys/kernel/osrelease", "6.18.2-generic\n")
                .file("/boot/config-6.18.2-generic", "CONFIG_FUSE_FS=y\nCONFIG_FUSE_PASSTHROUGH=y\n")
                .file("/proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n")
                .file(
                        "/proc/self/limits",
                        "Max open files            1048576              1048576              files\n")
                .file("/proc/self/mounts", "sysfs /sys sysfs rw,nosuid 0 0\n/dev/vda / ext4 rw 0 0\n")
                .file("/proc/meminfo", "MemTotal:       33554432 kB\nMemAvailable:   30000000 kB\n")
                .file("/proc/self/cgroup", "0::/user.slice\n")
                .file("/sys/fs/cgroup/user.slice/memory.max", "max\n")
                .file(
                        "/sys/kernel/mm/transparent_hugepage/shmem_enabled",
                        "always within_size advise [never] deny force\n")
                .access("/dev/fuse", new Access(true, true, true))
                .access("/sys/class/bdi", new Access(true, true, false));
    }

    FakeHost file(String path, String text) {
        files.put(Path.of(path), text);
        return this;
    }

    FakeHost without(String path) {
        files.remove(Path.of(path));
        return this;
    }

    FakeHost access(String path, Access access) {
        accesses.put(Path.of(path), access);
        return this;
    }

    FakeHost withoutProgram(String name) {
        programs.remove(name);
        return this;
    }

    FakeHost silent(String path) {
        silent.add(Path.of(path));
        return this;
    }

    FakeHost disk(Disk of) {
        disk = Optional.of(of);
        return this;
    }

    FakeHost speed(Optional<DiskSpeed> of) {
        speed = of;
        return this;
    }

    FakeHost ordinaryUser() {
        userId = 1000;
        return file("/proc/self/status", "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n");
    }

    FakeHost java(int version) {
        javaVersion = version;
        return this;
    }

    @Override
    public Optional<String> read(Path file) {
        return Optional.ofNullable(files.get(file));
    }

    @Override
    public Access access(Path path) {
        return accesses.getOrDefault(path, new Access(false, false, false));
    }

    @Override
    public Optional<Path> program(String name) {
        return programs.contains(name) ? Optional.of(Path.of("/usr/bin", name)) : Optional.empty();
    }

    @Override
    public Optional<Disk> disk(Path path) {
        return disk;
    }

    @Override
    public Optional<DiskSpeed> measureDisk(Path path) {
        return speed;
    }

    @Override
    public long userId() {
        return userId;
    }

    @Override
    public int javaVersion() {
        return javaVersion;
    }

    @Override
    public OptionalLong responds(Path path) {
        return silent.contains(path) ? OptionalLong.empty() : OptionalLong.of(1);
    }
}
