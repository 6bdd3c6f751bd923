package io.headrace.cli.demo;

import io.headrace.protocol.ByteRange;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/** As PyTorch and safetensors load: the file is mapped, and pages are copied out in the order of the tensors. */
record MappedLoader(Path folder) implements Loader {
    private static final int PAGE_BYTES = 4096;
    private static final int STAGING_BYTES = 1 << 20;

    @Override
    public void load(Model model, LongConsumer progress) throws IOException {
        for (ModelFile file : model.files()) {
            load(file, progress);
        }
    }

    private void load(ModelFile file, LongConsumer progress) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(file.name()), StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            MemorySegment staging = arena.allocate(STAGING_BYTES, PAGE_BYTES);
            for (ByteRange part : file.parts()) {
                copyPages(mapped.asSlice(part.offset(), part.length()), staging, progress);
            }
        } catch (InternalError fault) {
            // How Java reports SIGBUS in a mapping: the mount could not give the page.
            throw new IOException(
                    "the mount could not give " + folder.resolve(file.name())
                            + "; its log says why (headrace status names it)",
                    fault);
        }
    }

    private static void copyPages(MemorySegment part, MemorySegment staging, LongConsumer progress) {
        long reported = 0;
        for (long at = 0; at < part.byteSize(); at += PAGE_BYTES) {
            long length = Math.min(PAGE_BYTES, part.byteSize() - at);
            MemorySegment.copy(part, at, staging, at % STAGING_BYTES, length);
            if (at - reported >= STAGING_BYTES) {
                progress.accept(at - reported);
                reported = at;
            }
        }
        progress.accept(part.byteSize() - reported);
    }

    @Override
    public long wrongBytes(Model model) throws IOException {
        long wrong = 0;
        for (ModelFile file : model.files()) {
            wrong += wrongBytes(file);
        }
        return wrong;
    }

    private long wrongBytes(ModelFile file) throws IOException {
        ByteCheck check = new ByteCheck(file);
        ByteBuffer buffer = ByteBuffer.allocateDirect(STAGING_BYTES);
        try (FileChannel channel = FileChannel.open(folder.resolve(file.name()), StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                check.next(buffer.flip());
            }
        }
        return check.wrongBytes();
    }
}
