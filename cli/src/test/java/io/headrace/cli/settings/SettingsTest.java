package io.headrace.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headrace.client.ReadAheadSettings;
import io.headrace.client.block.OriginFallbackSettings;
import io.headrace.fuse.FuseSettings;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.ByteSize;
import io.headrace.store.StoreSettings;
import io.headrace.worker.LoadSettings;
import io.headrace.worker.OriginSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void without_a_word_every_setting_is_its_records_default() throws IOException {
        Settings settings = Settings.read(List.of(), Map.of());

        assertThat(settings.store()).isEqualTo(StoreSettings.defaults());
        assertThat(settings.catalog()).isEqualTo(CatalogSettings.defaults());
        assertThat(settings.mount()).isEqualTo(MountSettings.defaults());
        assertThat(settings.origin()).isEqualTo(OriginSettings.defaults());
        assertThat(settings.load()).isEqualTo(LoadSettings.defaults());
        assertThat(settings.readAhead()).isEqualTo(ReadAheadSettings.defaults());
        assertThat(settings.fuse()).isEqualTo(FuseSettings.defaults());
        assertThat(settings.originFallback()).isEqualTo(OriginFallbackSettings.defaults());
    }

    @Test
    void a_file_sets_what_it_names_and_nothing_else() throws IOException {
        Path file = file("store.fetch-threads = 3\nstore.left-free=2GiB\n");

        StoreSettings store = Settings.read(List.of(file), Map.of()).store();

        assertThat(store.fetchThreads()).isEqualTo(3);
        assertThat(store.leftFree()).isEqualTo(ByteSize.ofGibibytes(2));
        assertThat(store.flightBudget()).isEqualTo(StoreSettings.defaults().flightBudget());
    }

    @Test
    void the_command_line_wins_over_the_environment_and_the_environment_over_files() throws IOException {
        Path first = file("origin.deadline=1s\norigin.stall-timeout=1s\nfuse.threads=5\nmount.staleness=1s\n");
        Path second = Files.writeString(folder.resolve("second"), "origin.stall-timeout=2s\nfuse.threads=6\n");
        Map<String, String> environment = Map.of("HEADRACE_FUSE_THREADS", "7", "HEADRACE_MOUNT_STALENESS", "3s");

        Settings settings = Settings.read(List.of(first, second), environment).with("mount.staleness", "4s");

        assertThat(settings.origin().deadline()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.origin().stallTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.fuse().threads()).isEqualTo(7);
        assertThat(settings.mount().staleness()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void with_leaves_the_settings_it_was_asked_of_as_they_were() throws IOException {
        Settings settings = Settings.read(List.of(), Map.of());
        settings.with("fuse.threads", "9");
        assertThat(settings.fuse()).isEqualTo(FuseSettings.defaults());
    }

    @Test
    void an_unknown_key_in_a_file_names_the_file_and_the_nearest_key() throws IOException {
        Path file = file("store.fetch-thread = 3\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(file), Map.of()))
                .withMessageContainingAll(file.toString(), "\"store.fetch-thread\"", "\"store.fetch-threads\"");
    }

    @Test
    void an_unknown_variable_of_a_section_names_the_nearest_variable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(), Map.of("HEADRACE_STORE_FETCH_THREAD", "3")))
                .withMessageContainingAll("HEADRACE_STORE_FETCH_THREAD ", "HEADRACE_STORE_FETCH_THREADS?");
    }

    @Test
    void an_unknown_variable_of_no_section_names_the_nearest_variable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(), Map.of("HEADRACE_STOER_FETCH_THREADS", "3")))
                .withMessageContainingAll("HEADRACE_STOER_FETCH_THREADS ", "HEADRACE_STORE_FETCH_THREADS?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(), Map.of("HEADRACE_JAVA_OPTION", "-Xmx1g")))
                .withMessageContainingAll("HEADRACE_JAVA_OPTION ", "HEADRACE_JAVA_OPTIONS?");
    }

    @Test
    void variables_of_the_launcher_the_keeper_and_others_are_left_alone() throws IOException {
        Map<String, String> environment = Stream.of(
                        "HEADRACE_AOT",
                        "HEADRACE_BACKGROUND",
                        "HEADRACE_BUILD",
                        "HEADRACE_HOME",
                        "HEADRACE_JAVA_HOME",
                        "HEADRACE_JAVA_OPTIONS",
                        "HEADRACE_LOG",
                        "HEADRACE_LOG_LEVEL",
                        "HEADRACE_KEPT_DESCRIPTOR",
                        "HEADRACE_KEEPER_PID",
                        "STORE_FETCH_THREADS")
                .collect(Collectors.toMap(name -> name, name -> "x"));
        assertThat(Settings.read(List.of(), environment).store()).isEqualTo(StoreSettings.defaults());
    }

    @Test
    void what_kubernetes_tells_of_a_service_is_left_alone() throws IOException {
        Map<String, String> environment = Stream.of(
                        "HEADRACE_SERVICE_HOST",
                        "HEADRACE_MASTER_SERVICE_HOST",
                        "HEADRACE_MASTER_SERVICE_PORT",
                        "HEADRACE_MASTER_SERVICE_PORT_GRPC",
                        "HEADRACE_MASTER_PORT",
                        "HEADRACE_MASTER_PORT_7000_TCP",
                        "HEADRACE_MASTER_PORT_7000_TCP_PROTO")
                .collect(Collectors.toMap(name -> name, name -> "x"));
        assertThat(Settings.read(List.of(), environment).store()).isEqualTo(StoreSettings.defaults());
    }

    @Test
    void a_wrong_value_names_its_key_where_it_comes_from_and_how_to_write_it() throws IOException {
        Path file = file("store.left-free = many\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(file), Map.of()))
                .withMessageContainingAll("store.left-free", file.toString(), "\"many\"", "512MiB");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(), Map.of("HEADRACE_ORIGIN_DEADLINE", "soon")))
                .withMessageContainingAll("origin.deadline", "HEADRACE_ORIGIN_DEADLINE", "\"soon\"", "10s");
        Settings settings = Settings.read(List.of(), Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.with("fuse.passthrough", "maybe"))
                .withMessageContainingAll("fuse.passthrough", "the command line", "\"maybe\"", "true nor false");
    }

    @Test
    void a_value_out_of_range_names_its_key() throws IOException {
        Settings settings = Settings.read(List.of(), Map.of()).with("fuse.threads", "0");
        assertThatIllegalArgumentException().isThrownBy(settings::fuse).withMessageContaining("fuse.threads");
    }

    @Test
    void a_settings_file_that_does_not_exist_is_named() {
        Path missing = folder.resolve("missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(List.of(missing), Map.of()))
                .withMessageContaining(missing.toString());
    }

    @Test
    void every_key_has_a_variable_and_a_description_of_its_own() {
        List<SettingKey> keys = Settings.keys();
        assertThat(keys).extracting(SettingKey::name).doesNotHaveDuplicates();
        assertThat(keys).extracting(SettingKey::environmentVariable).doesNotHaveDuplicates();
        assertThat(keys).extracting(SettingKey::description).doesNotContain("").doesNotHaveDuplicates();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("settings"), content);
    }
}
