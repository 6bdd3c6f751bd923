package io.headrace.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Libc;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What programs ask of an open file beside its bytes: lseek(2) and ioctl(2). */
@Timeout(60)
class FileQueriesIT {
    private static final int LENGTH = 3 << 20;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /** Asked by every isatty(3), which Python's open() calls. */
    private static final long TCGETS = 0x5401;

    /** Asked by lsattr(1). */
    private static final long FS_IOC_GETFLAGS = 0x80086601L;

    /** Answered by the kernel itself: how many bytes follow the position. */
    private static final long FIONREAD = 0x541B;

    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();
    private final FileEntry file = names.file(Namespace.ROOT_ID, "f", LENGTH);

    /** Asks something of a descriptor. */
    private interface Question {
        void ask(int descriptor) throws Throwable;
    }

    private void askOf(String below, ReadMode mode, Question question) throws Throwable {
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            mode.arrange(mounted.store.complete(file));
            int descriptor = Libc.open(mounted.path(below).toString(), Libc.O_CLOEXEC);
            assertThat(descriptor).isPositive();
            try {
                question.ask(descriptor);
            } finally {
                Libc.close(descriptor);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_file_is_one_piece_of_data_with_a_hole_at_its_end(ReadMode mode) throws Throwable {
        MethodHandle lseek = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("lseek"),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
        askOf("f", mode, descriptor -> {
            assertThat((long) lseek.invokeExact(descriptor, 1000L, SEEK_DATA)).isEqualTo(1000);
            assertThat((long) lseek.invokeExact(descriptor, 1000L, SEEK_HOLE)).isEqualTo(LENGTH);
            assertThat((long) lseek.invokeExact(descriptor, LENGTH - 1L, SEEK_DATA))
                    .isEqualTo(LENGTH - 1L);
            assertThat((long) lseek.invokeExact(descriptor, (long) LENGTH, SEEK_DATA))
                    .isEqualTo(-1);
            assertThat((long) lseek.invokeExact(descriptor, (long) LENGTH, SEEK_HOLE))
                    .isEqualTo(-1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_ioctl_of_a_file_gets_the_answer_that_it_is_not_known(ReadMode mode) throws Throwable {
        askOf("f", mode, descriptor -> {
            assertThat(ioctl(descriptor, TCGETS)).isEqualTo(-Errno.ENOTTY);
            assertThat(ioctl(descriptor, FS_IOC_GETFLAGS)).isEqualTo(-Errno.ENOTTY);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment left = arena.allocate(JAVA_INT);
                assertThat(Libc.ioctl(descriptor, FIONREAD, left)).isZero();
                assertThat(left.get(JAVA_INT, 0)).isEqualTo(LENGTH);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_ioctl_of_a_directory_gets_it_too(ReadMode mode) throws Throwable {
        askOf("", mode, descriptor -> {
            assertThat(ioctl(descriptor, TCGETS)).isEqualTo(-Errno.ENOTTY);
            assertThat(ioctl(descriptor, FS_IOC_GETFLAGS)).isEqualTo(-Errno.ENOTTY);
        });
    }

    private static int ioctl(int descriptor, long request) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.ioctl(descriptor, request, arena.allocate(256, 8));
        }
    }
}
