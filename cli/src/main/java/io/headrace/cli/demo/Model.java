package io.headrace.cli.demo;

import io.headrace.protocol.ByteSize;
import java.io.IOException;
import java.util.List;

/** What the demo loads: a generated safetensors file and a real small model. */
record Model(List<ModelFile> files) {
    /** all-MiniLM-L6-v2, quantized ONNX, Apache-2.0, as Maven Central ships it inside a jar. */
    private static final List<String> REAL = List.of("all-minilm-l6-v2-q.onnx", "all-minilm-l6-v2-q-tokenizer.json");

    Model {
        files = List.copyOf(files);
    }

    static Model of(ByteSize generated) throws IOException {
        return new Model(List.of(
                SafetensorsFile.of("model.safetensors", generated.bytes()),
                EmbeddedFile.ofResource(REAL.get(0)),
                EmbeddedFile.ofResource(REAL.get(1))));
    }

    long lengthBytes() {
        return files.stream().mapToLong(ModelFile::lengthBytes).sum();
    }
}
