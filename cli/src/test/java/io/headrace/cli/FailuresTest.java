package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.headrace.fuse.MountException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.store.DirectoryInUseException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {
    @ParameterizedTest
    @CsvSource({
        "NO_SUCH_LOCATION,ORIGIN_REFUSED",
        "FORBIDDEN,ORIGIN_REFUSED",
        "BAD_CREDENTIALS,ORIGIN_REFUSED",
        "CLOCK_SKEW,ORIGIN_REFUSED",
        "TLS,ORIGIN_REFUSED",
        "BAD_REQUEST,USAGE"
    })
    void an_origin_that_refuses(Refusal refusal, ExitCode expected) {
        assertThat(Failures.of(new OriginException.Refused(refusal, "the message")))
                .isEqualTo(new Failures(expected, "the message"));
    }

    @Test
    void an_origin_that_fails_otherwise() {
        assertThat(Failures.of(new OriginException.Unavailable("down")))
                .isEqualTo(failure("ORIGIN_UNAVAILABLE", "down"));
        assertThat(Failures.of(new OriginException.NotFound("gone"))).isEqualTo(failure("NOT_FOUND", "gone"));
        assertThat(Failures.of(new OriginException.VersionChanged("newer"))).isEqualTo(failure("FAILED", "newer"));
    }

    @ParameterizedTest
    @CsvSource({
        "MOUNT_POINT_MISSING,NOT_FOUND",
        "MOUNT_POINT_NOT_A_DIRECTORY,USAGE",
        "MOUNT_POINT_NOT_EMPTY,USAGE",
        "BUSY,BUSY",
        "ALREADY_MOUNTED,BUSY",
        "NOT_MOUNTED,NOT_FOUND",
        "NO_FUSE_DEVICE,ENVIRONMENT",
        "NO_FUSERMOUNT,ENVIRONMENT",
        "ALLOW_OTHER_FORBIDDEN,ENVIRONMENT",
        "NOT_PERMITTED,ENVIRONMENT",
        "KERNEL_TOO_OLD,ENVIRONMENT",
        "STATE_UNREADABLE,FAILED",
        "SYSTEM_CALL_FAILED,FAILED"
    })
    void a_mount_that_fails(MountException.Reason reason, ExitCode expected) {
        assertThat(Failures.of(new MountException(reason, "the message")))
                .isEqualTo(new Failures(expected, "the message"));
    }

    @Test
    void a_file_that_is_missing_forbidden_or_unusable_is_named() {
        assertThat(Failures.of(new NoSuchFileException("/a/b"))).isEqualTo(failure("NOT_FOUND", "there is no /a/b"));
        assertThat(Failures.of(new AccessDeniedException("/a/b")).message()).contains("permission denied", "/a/b");
        assertThat(Failures.of(new FileSystemException("/a/b", null, "No space left on device")))
                .isEqualTo(failure("ENVIRONMENT", "/a/b: No space left on device"));
    }

    @Test
    void a_cache_directory_that_cannot_be_used_keeps_its_message() {
        assertThat(Failures.of(new DirectoryInUseException("process 7 has /c")))
                .isEqualTo(failure("BUSY", "process 7 has /c"));
    }

    @Test
    void what_no_other_code_names_has_failed() {
        assertThat(Failures.of(new IOException("torn"))).isEqualTo(failure("FAILED", "torn"));
        assertThat(Failures.of(new IllegalStateException("odd")))
                .isEqualTo(failure("FAILED", "java.lang.IllegalStateException: odd"));
        assertThat(Failures.of(new IllegalArgumentException("wrong"))).isEqualTo(failure("USAGE", "wrong"));
        assertThat(Failures.of(new InterruptedException())).isEqualTo(failure("INTERRUPTED", "interrupted"));
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_stays_the_same_through_a_call(ExitCode code) {
        Failures told = new Failures(code, "there is: no a/b");
        assertThat(Failures.of(told.asCallFailure())).isEqualTo(told);
        assertThat(Failures.of(new CommandException(code, "there is: no a/b"))).isEqualTo(told);
    }

    @Test
    void a_call_that_failed_by_itself_says_how() {
        Failures told = Failures.of(Status.DEADLINE_EXCEEDED.asRuntimeException());
        assertThat(told.code()).isEqualTo(ExitCode.FAILED);
        assertThat(told.message()).contains("DEADLINE_EXCEEDED");
    }

    private static Failures failure(String code, String message) {
        return new Failures(ExitCode.valueOf(code), message);
    }
}
