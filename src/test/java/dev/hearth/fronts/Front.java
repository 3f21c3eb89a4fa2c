package dev.hearth.fronts;

import dev.hearth.testing.NginxServer;
import java.net.URI;

/// A front server that runs, and what it has logged.
interface Front extends AutoCloseable {
    int port();

    /// What it has complained of so far.
    String log();

    @Override
    void close();

    /// An address on it.
    default URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    static Front of(NginxServer nginx) {
        return new Front() {
            @Override
            public int port() {
                return nginx.port();
            }

            @Override
            public String log() {
                return nginx.errorLog();
            }

            @Override
            public void close() {
                nginx.close();
            }
        };
    }
}
