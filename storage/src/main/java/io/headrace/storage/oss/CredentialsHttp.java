package io.headrace.storage.oss;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Asks servers for credentials: small questions, rarely. What is asked and answered is secret; no failure repeats it. */
record CredentialsHttp(Duration connectTimeout, Duration answerTimeout) {
    private static final long MOST_ANSWER_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    record Answer(int status, String text) {
        boolean isOk() {
            return status == OK;
        }

        boolean isTrouble() {
            return status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
        }

        @Override
        public String toString() {
            return "HTTP status " + status;
        }
    }

    /** @param server who is asked, for messages */
    Answer ask(HttpRequest request, String server) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(connectTimeout).build()) {
            CompletableFuture<HttpResponse<String>> asked =
                    client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_ANSWER_BYTES));
            try {
                HttpResponse<String> answer =
                        asked.get(connectTimeout.plus(answerTimeout).toMillis(), TimeUnit.MILLISECONDS);
                return new Answer(answer.statusCode(), answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OssCredentials.Unanswered("interrupted while " + server + " was asked for credentials");
            } catch (TimeoutException e) {
                throw new OssCredentials.Unanswered(server + " took longer than " + answerTimeout.toSeconds()
                        + " s to hand out credentials. It is asked again; if this lasts, check the network");
            } catch (ExecutionException e) {
                throw failure(server, e);
            } finally {
                asked.cancel(true);
                client.shutdownNow();
            }
        }
    }

    private static RuntimeException failure(String server, ExecutionException failure) {
        if (failure.getCause() instanceof SSLException tls) {
            return new OssCredentials.Missing("no trusted TLS connection to " + server + ": " + tls.getMessage()
                    + ". Check its name, and what is between (proxies)");
        }
        if (failure.getCause() instanceof IOException broken) {
            return new OssCredentials.Unanswered(server + " cannot be asked for credentials: "
                    + Objects.requireNonNullElse(broken.getMessage(), "no connection")
                    + ". Check its name, and the network and firewalls on the way");
        }
        return new IllegalStateException("asking " + server + " for credentials failed", failure);
    }
}
