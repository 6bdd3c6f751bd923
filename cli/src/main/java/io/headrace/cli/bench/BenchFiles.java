package io.headrace.cli.bench;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files below a path, or the one file that it is, by path. */
record BenchFiles(Path root, List<BenchFile> all) {
    private static final long SMALL_MOST_BYTES = 1 << 20;

    /** More would take longer to list than to measure. */
    private static final int MOST_FILES = 100_000;

    BenchFiles {
        all = List.copyOf(all);
    }

    /** @throws NoSuchFileException when there is no such path */
    static BenchFiles below(Path given) throws IOException {
        Path root = given.toRealPath();
        List<BenchFile> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.size() > 0) {
                    files.add(new BenchFile(path, attributes.size()));
                }
                return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        files.sort(Comparator.comparing(BenchFile::path));
        return new BenchFiles(given, files);
    }

    /** Those that a pattern reads. */
    List<BenchFile> of(Pattern pattern) {
        boolean small = pattern == Pattern.SMALL;
        return all.stream()
                .filter(file -> small == (file.lengthBytes() <= SMALL_MOST_BYTES))
                .toList();
    }

    /** @throws CommandException when there is none */
    List<BenchFile> require(Pattern pattern) throws CommandException {
        List<BenchFile> fitting = of(pattern);
        if (fitting.isEmpty()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    root + " holds no file " + (pattern == Pattern.SMALL ? "of up to" : "of more than")
                            + " 1 MiB, which the pattern " + pattern + " reads");
        }
        return fitting;
    }
}
