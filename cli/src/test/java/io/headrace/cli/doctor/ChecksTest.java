package io.headrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.doctor.Host.Access;
import io.headrace.cli.doctor.Host.Disk;
import io.headrace.cli.doctor.Host.DiskSpeed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Path CACHE = Path.of("/ssd/cache");

    private static final List<Check> ALL = List.of(
            new JavaCheck(),
            new KernelCheck(),
            new FuseDeviceCheck(),
            new PrivilegeCheck(),
            new PassthroughCheck(),
            new AllowOtherCheck(),
            new ReadAheadCheck(),
            new HugePagesCheck(),
            new OpenFilesCheck(),
            new MemoryCheck(),
            new CacheDiskCheck(CACHE),
            new DiskSpeedCheck(CACHE),
            new StaleMountsCheck());

    @Test
    void a_good_machine_needs_nothing() {
        Diagnosis diagnosis = Diagnosis.of(FakeHost.good(), ALL);

        assertThat(diagnosis.lines())
                .allSatisfy(line ->
                        assertThat(line.finding().verdict()).as(line.subject()).isEqualTo(Verdict.GOOD));
    }

    @Test
    void an_empty_machine_is_judged_without_failing() {
        assertThat(Diagnosis.of(new FakeHost(), ALL).worst()).isEqualTo(Verdict.BROKEN);
    }

    @Test
    void what_is_not_good_says_how_to_mend_it() {
        Diagnosis diagnosis = Diagnosis.of(new FakeHost().ordinaryUser(), ALL);

        assertThat(diagnosis.lines())
                .filteredOn(line -> line.finding().verdict() != Verdict.GOOD)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.finding().fix()).isNotEmpty());
    }

    @Test
    void a_kernel_before_passthrough_is_slow_and_an_ancient_one_broken() {
        assertVerdict(new KernelCheck(), FakeHost.good().file("/proc/sys/kernel/osrelease", "6.8.12\n"), Verdict.SLOW);
        assertVerdict(new KernelCheck(), FakeHost.good().file("/proc/sys/kernel/osrelease", "5.3.0\n"), Verdict.BROKEN);
        assertVerdict(new KernelCheck(), FakeHost.good().file("/proc/sys/kernel/osrelease", "6.10.1\n"), Verdict.GOOD);
    }

    @Test
    void no_fuse_device_is_broken_and_so_is_one_that_may_not_be_opened() {
        assertVerdict(
                new FuseDeviceCheck(),
                FakeHost.good().access("/dev/fuse", new Access(false, false, false)),
                Verdict.BROKEN);
        assertVerdict(
                new FuseDeviceCheck(),
                FakeHost.good().access("/dev/fuse", new Access(true, true, false)),
                Verdict.BROKEN);
    }

    @Test
    void an_ordinary_user_needs_fusermount3() {
        assertVerdict(new PrivilegeCheck(), FakeHost.good().ordinaryUser(), Verdict.GOOD);
        assertVerdict(
                new PrivilegeCheck(), FakeHost.good().ordinaryUser().withoutProgram("fusermount3"), Verdict.BROKEN);
    }

    @Test
    void root_in_a_container_without_the_capability_cannot_mount() {
        FakeHost container =
                FakeHost.good().file("/proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n");

        assertVerdict(new PrivilegeCheck(), container, Verdict.BROKEN);
        assertVerdict(new PassthroughCheck(), container, Verdict.SLOW);
    }

    @Test
    void passthrough_needs_the_kernel_its_option_and_the_capability() {
        FakeHost good = FakeHost.good();
        assertVerdict(
                new PassthroughCheck(),
                FakeHost.good().file("/boot/config-6.18.2-generic", "# CONFIG_FUSE_PASSTHROUGH is not set\n"),
                Verdict.SLOW);
        assertVerdict(new PassthroughCheck(), FakeHost.good().ordinaryUser(), Verdict.SLOW);
        assertThat(new PassthroughCheck()
                        .judge(good.without("/boot/config-6.18.2-generic"))
                        .seen())
                .contains("as far as can be told");
    }

    @Test
    void a_container_limit_below_the_machines_memory_is_what_counts() {
        FakeHost limited = FakeHost.good().file("/sys/fs/cgroup/user.slice/memory.max", Long.toString(1L << 30));
        FakeHost tiny = FakeHost.good().file("/sys/fs/cgroup/user.slice/memory.max", Long.toString(100L << 20));

        assertThat(new MemoryCheck().judge(limited).seen()).isEqualTo("the container's limit is 1GiB");
        assertVerdict(new MemoryCheck(), tiny, Verdict.BROKEN);
    }

    @Test
    void a_few_open_files_are_slow() {
        assertVerdict(
                new OpenFilesCheck(),
                FakeHost.good().file("/proc/self/limits", "Max open files            1024    524288   files\n"),
                Verdict.SLOW);
    }

    @Test
    void a_read_only_sys_keeps_read_ahead_small() {
        assertVerdict(
                new ReadAheadCheck(),
                FakeHost.good().file("/proc/self/mounts", "sysfs /sys sysfs ro,nosuid 0 0\n"),
                Verdict.SLOW);
    }

    @Test
    void overlay_and_network_file_systems_do_not_suit_a_cache() {
        for (String type : List.of("overlay", "nfs4", "fuse.s3fs")) {
            assertVerdict(
                    new CacheDiskCheck(CACHE), FakeHost.good().disk(new Disk(type, 1L << 40, 1L << 39)), Verdict.SLOW);
        }
    }

    @Test
    void a_slow_disk_is_named_and_an_unwritable_one_is_broken() {
        DiskSpeedCheck check = new DiskSpeedCheck(CACHE);

        assertVerdict(check, FakeHost.good().speed(Optional.of(new DiskSpeed(50_000_000, 90_000_000))), Verdict.SLOW);
        assertVerdict(check, FakeHost.good().speed(Optional.empty()), Verdict.BROKEN);
    }

    @Test
    void a_mount_that_does_not_answer_is_named_with_its_cure() {
        FakeHost host = FakeHost.good()
                .file("/proc/self/mounts", "s3://a /mnt/a fuse.headrace ro 0 0\ns3://b /mnt/b fuse.headrace ro 0 0\n")
                .silent("/mnt/b");

        Finding finding = new StaleMountsCheck().judge(host);

        assertThat(finding.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding.fix()).isEqualTo("headrace umount /mnt/b");
    }

    @Test
    void an_older_java_is_broken() {
        assertVerdict(new JavaCheck(), FakeHost.good().java(24), Verdict.BROKEN);
    }

    private static void assertVerdict(Check check, Host host, Verdict verdict) {
        assertThat(check.judge(host).verdict()).as(check.subject()).isEqualTo(verdict);
    }
}
