package io.headrace.cli.doctor;

/** Whether the Java that runs is new enough. */
final class JavaCheck implements Check {
    private static final int OLDEST = 25;

    @Override
    public String subject() {
        return "java";
    }

    @Override
    public Finding judge(Host host) {
        return host.javaVersion() >= OLDEST
                ? Finding.good("Java " + host.javaVersion())
                : Finding.broken(
                        "Java " + host.javaVersion(), "install Java " + OLDEST + ", or set HEADRACE_JAVA_HOME to one");
    }
}
