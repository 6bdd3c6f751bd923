package io.headrace.fuse.kernel;

/** A message from the kernel that does not have the shape that its opcode promises. */
public final class MalformedRequestException extends Exception {
    public MalformedRequestException(String message) {
        super(message);
    }
}
