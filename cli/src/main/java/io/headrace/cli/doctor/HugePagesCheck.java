package io.headrace.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;

/** Whether the memory tier can have huge pages, which double its reading speed. */
final class HugePagesCheck implements Check {
    static final Path SHMEM = Path.of("/sys/kernel/mm/transparent_hugepage/shmem_enabled");

    @Override
    public String subject() {
        return "huge pages";
    }

    @Override
    public Finding judge(Host host) {
        Optional<String> modes = host.read(SHMEM);
        if (modes.isEmpty()) {
            return Finding.slow("the kernel has none for tmpfs", "use a kernel with CONFIG_TRANSPARENT_HUGEPAGE=y");
        }
        String chosen = modes.get().replaceAll("(?s).*\\[(\\w+)\\].*", "$1");
        if (chosen.equals("deny")) {
            return Finding.slow("denied for tmpfs", "echo advise > " + SHMEM + " as root");
        }
        if (PrivilegeCheck.mayAdminister(host)) {
            return Finding.good("the memory tier mounts its own tmpfs with huge=always");
        }
        return switch (chosen) {
            case "always", "force", "within_size" -> Finding.good("tmpfs gets them (" + chosen + ")");
            default ->
                Finding.slow(
                        "tmpfs gets none without being root (" + chosen + ")",
                        "echo within_size > " + SHMEM + " as root, or mount as root");
        };
    }
}
