package io.headrace.cli.demo;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.protocol.ByteSize;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Loads a model from a slow store three times, and checks every byte.",
        footer = {
            "",
            "It starts an object store (OSS protocol) on this machine, of a stated rate, puts a model in it, and loads the",
            "model with one thread: straight from the store, through a fresh mount, and through the mount again. It needs",
            "twice the model's size in free memory or disk, and leaves nothing but the chart.",
            "",
            "  headrace demo                                as it is: about two minutes",
            "  headrace demo --size 1GiB --rate 500MB/s     another model, another store"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    @Option(names = "--size", paramLabel = "SIZE", description = "Of the generated model (default: ${DEFAULT-VALUE}).")
    private String size = "4GiB";

    @Option(
            names = "--rate",
            paramLabel = "SIZE/s",
            description = "What the store gives, all streams together (default: ${DEFAULT-VALUE}).")
    private String rate = "125MB/s";

    @Option(names = "--chart", paramLabel = "FILE", description = "Where the chart goes (default: ${DEFAULT-VALUE}).")
    private Path chart = Path.of("headrace-demo.svg");

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Option(names = "--keep", description = "Keep store and mount until Ctrl-C, to look around.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        ByteSize bytesPerSecond = ByteSize.parse(rate.replaceFirst("/s$", ""));
        if (bytesPerSecond.bytes() < 1_000_000) {
            throw new CommandException(ExitCode.USAGE, "--rate is at least 1MB/s, not " + rate);
        }
        ByteSize generated = ByteSize.parse(size);
        Model model = Model.of(generated);
        Path launcher = launcher();
        try (DemoStore store = DemoStore.start(model, bytesPerSecond.bytes(), progress("writing the model", model));
                DemoMount mount = DemoMount.prepare(launcher)) {
            Thread cleaner = Thread.ofPlatform().name("demo-end").unstarted(() -> end(mount, store));
            Runtime.getRuntime().addShutdownHook(cleaner);
            DemoReport report = new DemoReport(title(model, bytesPerSecond), starts(model, store, mount));
            print(report);
            if (keep) {
                System.out.println("Mounted on " + mount.directory() + " until Ctrl-C.");
                new CountDownLatch(1).await();
            }
            mount.close();
            Runtime.getRuntime().removeShutdownHook(cleaner);
            boolean right = report.starts().stream().allMatch(start -> start.wrongBytes() == 0);
            return (right ? ExitCode.OK : ExitCode.DAMAGED).status();
        }
    }

    private static List<Start> starts(Model model, DemoStore store, DemoMount mount)
            throws IOException, InterruptedException, CommandException {
        List<Start> starts = new ArrayList<>();
        try (UnderStore bucket = store.open()) {
            starts.add(start("straight from the store", model, store, new DirectLoader(bucket)));
        }
        mount.mount(store, model.lengthBytes());
        Loader mapped = new MappedLoader(mount.directory());
        starts.add(start("mount, first start", model, store, mapped));
        starts.add(start("mount, second start", model, store, mapped));
        return starts;
    }

    private static Start start(String name, Model model, DemoStore store, Loader loader) throws IOException {
        long before = store.sentBytes();
        ProgressLine progress = progress(name, model);
        long started = System.nanoTime();
        loader.load(model, progress);
        double seconds = (System.nanoTime() - started) / 1e9;
        long wrong = loader.wrongBytes(model);
        return new Start(name, model.lengthBytes(), seconds, store.sentBytes() - before, wrong);
    }

    private static ProgressLine progress(String name, Model model) throws IOException {
        return new ProgressLine(System.err, isTerminal(), name, model.lengthBytes());
    }

    private void print(DemoReport report) throws IOException {
        PrintStream out = System.out;
        Files.writeString(chart, report.asSvg());
        if (output == OutputFormat.JSON) {
            out.print(report.asJson());
            return;
        }
        out.println();
        out.print(report.asText());
        out.println();
        out.println("Chart: " + chart.toAbsolutePath());
    }

    private static boolean isTerminal() throws IOException {
        String standardError =
                Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
        return standardError.startsWith("/dev/pts/") || standardError.startsWith("/dev/tty");
    }

    private static String title(Model model, ByteSize bytesPerSecond) {
        return String.format(
                Locale.ROOT,
                "%.2f GB in %d files, one thread; the store gives %.0f MB/s",
                model.lengthBytes() / 1e9,
                model.files().size(),
                bytesPerSecond.bytes() / 1e6);
    }

    private static Path launcher() throws CommandException {
        String home = System.getenv("HEADRACE_HOME");
        if (home == null) {
            throw new CommandException(ExitCode.USAGE, "the demo mounts by bin/headrace; run it as bin/headrace demo");
        }
        return Path.of(home, "bin", "headrace");
    }

    private static void end(DemoMount mount, DemoStore store) {
        try (store) {
            mount.close();
        } catch (IOException failure) {
            LOG.warn("the demo did not end clean", failure);
            System.err.println("headrace: " + failure.getMessage());
        }
    }
}
