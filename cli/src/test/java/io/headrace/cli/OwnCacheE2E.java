package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.v1.NodeStatus;
import io.headrace.protocol.v1.OriginStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several mounts of one user, none of which is told where to cache, and several origins in one cache. */
class OwnCacheE2E {
    private static final OriginTree TREE = OriginTree.ofAwkwardFiles();
    private static final long QUOTA = 5 << 20;

    @TempDir
    private Path folder;

    private Launcher headrace;
    private Path first;
    private Path second;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        headrace = Launcher.in(folder)
                .with("HEADRACE_JAVA_OPTIONS", "-Duser.home=" + folder.resolve("home"))
                .with("HEADRACE_STORE_DISK_CAPACITY", "64MiB")
                .with("HEADRACE_STORE_MEMORY_CAPACITY", "8MiB");
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
        TREE.writeTo(first);
        TREE.writeTo(second);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
    }

    @Test
    void mounts_of_different_origins_do_not_meet_and_the_same_origins_find_what_was_cached() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        headrace.succeed("mount", first.toUri(), one);
        headrace.succeed("mount", second.toUri(), two);
        headrace.succeed("load", one);
        assertThat(headrace.mounted()).containsExactlyInAnyOrder(one, two);
        TREE.assertSameBytesByRead(two);

        Launcher.Outcome again = headrace.run("mount", first.toUri(), Files.createDirectory(folder.resolve("three")));
        assertThat(again.status()).as(again.err()).isEqualTo(ExitCode.BUSY.status());
        assertThat(again.err()).contains(folder.resolve("home").toString(), "--cache DIR");

        headrace.succeed("umount", one);
        headrace.succeed("mount", first.toUri(), folder.resolve("three"));
        assertThat(headrace.succeed("load", folder.resolve("three"))).contains(": 0B fetched");
    }

    @Test
    void a_cache_is_listed_with_who_uses_it_and_removed_when_nobody_does() throws Exception {
        Path mountPoint = Files.createDirectory(folder.resolve("mount"));
        headrace.succeed("mount", first.toUri(), mountPoint);
        headrace.succeed("load", mountPoint);
        String listed = headrace.succeed("cache", "list", "--output", "json");
        assertThat(listed)
                .containsOnlyOnce("\"name\"")
                .contains(first.toUri().toString(), "\"mountPoint\": \"" + mountPoint + "\"");
        String name = listed.replaceAll("(?s).*\"name\": \"([^\"]+)\".*", "$1");

        Launcher.Outcome refused = headrace.run("cache", "remove", name);
        assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.BUSY.status());
        assertThat(refused.err()).contains("in use by the mount on " + mountPoint);
        assertThat(headrace.succeed("cache", "remove", "--unused-for", "0s")).isEmpty();
        TREE.assertSameBytesByRead(mountPoint);

        headrace.succeed("umount", mountPoint);
        assertThat(headrace.succeed("cache", "list"))
                .contains(name, first.toUri().toString())
                .doesNotContain("now, by");
        assertThat(headrace.succeed("cache", "remove", "--unused-for", "1h")).isEmpty();
        assertThat(headrace.succeed("cache", "remove", name)).startsWith("removed " + name);
        assertThat(folder.resolve("home/.cache/headrace/mounts")).isEmptyDirectory();
        assertThat(headrace.run("cache", "remove", name).status()).isEqualTo(ExitCode.NOT_FOUND.status());
        assertThat(headrace.run("cache", "remove").status()).isEqualTo(ExitCode.USAGE.status());
    }

    @Test
    void a_quota_holds_for_its_origin_and_shows_in_the_status() throws Exception {
        Path all = Files.createDirectory(folder.resolve("all"));
        headrace.succeed("mount", "--quota", "b=5MiB:1000", first.toUri() + "=a", second.toUri() + "=b", all);
        TREE.assertSameBytesByRead(all.resolve("a"));
        TREE.assertSameBytesByRead(all.resolve("b"));

        NodeStatus status = headrace.status(all);
        OriginStatus limited = status.getOrigins(1);
        assertThat(status.getOrigins(0).getQuotaBytes()).as("no limit").isZero();
        assertThat(limited.getQuotaBytes()).isEqualTo(QUOTA);
        assertThat(limited.getQuotaFiles()).isEqualTo(1000);
        assertThat(limited.getUsageList())
                .hasSize(2)
                .allSatisfy(usage -> assertThat(usage.getBytes()).isLessThanOrEqualTo(QUOTA));
        assertThat(headrace.succeed("status", all)).contains(" of 5MiB, ", " of 1000 files");
        assertThat(headrace.run("mount", "--quota", "c=1GiB", first.toUri() + "=a", second.toUri() + "=b", all)
                        .status())
                .isEqualTo(ExitCode.USAGE.status());
    }
}
