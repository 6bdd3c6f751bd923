package io.headrace.worker.serve;

final class NioBlockServerTest extends AbstractBlockServerTest {
    @Override
    Transport transport() {
        return Transport.nio();
    }
}
