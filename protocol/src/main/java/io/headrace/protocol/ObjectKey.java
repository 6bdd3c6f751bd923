package io.headrace.protocol;

/**
 * The name of an object at its origin, below the mount's URI: {@code "weights/model-00001.safetensors"} for
 * {@code oss://bucket/llama/} and an object {@code llama/weights/model-00001.safetensors}. Never starts with the
 * mount's own prefix; may hold any bytes, {@code "//"} and {@code ".."} too, so it is no file path.
 */
public record ObjectKey(Bytes bytes) implements Comparable<ObjectKey> {
    public static ObjectKey of(String key) {
        return new ObjectKey(Bytes.utf8(key));
    }

    @Override
    public int compareTo(ObjectKey that) {
        return bytes.compareTo(that.bytes);
    }

    @Override
    public String toString() {
        return bytes.toString();
    }
}
