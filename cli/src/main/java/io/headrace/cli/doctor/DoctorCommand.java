package io.headrace.cli.doctor;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Judges this machine: a verdict a line, and how to mend what is not good.",
        footer = {
            "",
            "  headrace doctor                       this machine, and the default cache directory",
            "  headrace doctor s3://models/llama     and that the origin answers, and how fast",
            "",
            "It ends with 0 when all works, even slowly, and with 3 when something is broken."
        })
public final class DoctorCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "URI", description = "An origin to try.")
    private @Nullable URI origin;

    @Option(names = "--cache", paramLabel = "DIR", description = "The cache directory to judge.")
    private @Nullable Path cache;

    @Option(
            names = "--origin-option",
            paramLabel = "KEY=VALUE",
            description = "How the origin is reached, as for mount.")
    private Map<String, String> originOptions = new LinkedHashMap<>();

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() {
        Diagnosis diagnosis = Diagnosis.of(new LocalHost(), checks());
        switch (output) {
            case TEXT -> System.out.print(diagnosis.asText());
            case JSON -> System.out.println(diagnosis.asJson());
        }
        return switch (diagnosis.worst()) {
            case GOOD, SLOW -> ExitCode.OK.status();
            case BROKEN -> ExitCode.ENVIRONMENT.status();
        };
    }

    private List<Check> checks() {
        Path directory = Optional.ofNullable(cache)
                .orElseGet(() -> StoreSettings.defaults().directory());
        List<Check> checks = new ArrayList<>(List.of(
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
                new CacheDiskCheck(directory),
                new DiskSpeedCheck(directory),
                new StaleMountsCheck()));
        Optional.ofNullable(origin).ifPresent(uri -> {
            UnderStoreOptions options = UnderStoreOptions.parse(originOptions);
            checks.add(new OriginCheck(() -> UnderStores.open(uri, options)));
        });
        return checks;
    }
}
