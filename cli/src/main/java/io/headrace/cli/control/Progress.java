package io.headrace.cli.control;

import io.headrace.protocol.v1.FailedFile;
import io.headrace.protocol.v1.LoadProgress;
import io.headrace.protocol.v1.LoadProgress.State;
import java.time.Duration;

/** A load's progress as a message. */
final class Progress {
    private static final long UNKNOWN = -1;

    private Progress() {}

    static LoadProgress toMessage(io.headrace.worker.LoadProgress progress) {
        LoadProgress.Builder message = LoadProgress.newBuilder()
                .setState(state(progress.state()))
                .setCounting(progress.counting())
                .setFilesTotal(progress.filesTotal())
                .setFilesDone(progress.filesDone())
                .setFilesFailed(progress.filesFailed())
                .setBytesTotal(progress.bytesTotal())
                .setBytesFetched(progress.bytesFetched())
                .setBytesPresent(progress.bytesPresent())
                .setBytesPerSecond(progress.bytesPerSecond())
                .setRemainingMillis(progress.remaining().map(Duration::toMillis).orElse(UNKNOWN));
        if (progress.state() != io.headrace.worker.LoadProgress.State.LOADING) {
            progress.failures()
                    .forEach(failure -> message.addFailures(
                            FailedFile.newBuilder().setPath(failure.path()).setReason(failure.reason())));
        }
        return message.build();
    }

    private static State state(io.headrace.worker.LoadProgress.State state) {
        return switch (state) {
            case LOADING -> State.STATE_LOADING;
            case COMPLETE -> State.STATE_COMPLETE;
            case INCOMPLETE -> State.STATE_INCOMPLETE;
            case CANCELLED -> State.STATE_CANCELLED;
        };
    }
}
