package io.headrace.worker.serve;

final class EpollBlockServerTest extends AbstractBlockServerTest {
    @Override
    Transport transport() {
        return Transport.epoll();
    }
}
