package io.headrace.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogConfiguratorTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @Test
    void the_log_goes_to_the_standard_error_output_from_warnings_upwards() {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);

        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        assertThat(root.getAppender("STDERR"))
                .isInstanceOfSatisfying(
                        ConsoleAppender.class,
                        appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
        assertThat(root.iteratorForAppenders()).toIterable().hasSize(1);
    }

    @Test
    void netty_does_not_warn_of_an_option_that_unix_sockets_lack() {
        assertThat(context.getLogger("io.netty.bootstrap.ServerBootstrap").getEffectiveLevel())
                .isEqualTo(Level.ERROR);
    }
}
