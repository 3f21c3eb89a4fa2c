package dev.hearth.storage;

import java.nio.file.Path;
import org.postgresql.ds.PGSimpleDataSource;

/// Where the data is.
public sealed interface DatabaseLocation {

    /// One SQLite file, made if it is not there. Its folder must be on a local disk.
    record SqliteFile(Path file) implements DatabaseLocation {}

    /// A PostgreSQL database, version 15 or newer.
    ///
    /// `url` is a JDBC URL (`jdbc:postgresql://host/database`). Where `user` or `password` is empty that of the URL
    /// counts (`?user=…&password=…`), and without one the user who runs this process. `connections` is the size of the pool; the
    /// worker's threads and the requests at once share it.
    record PostgreSql(String url, String user, String password, int connections)
            implements DatabaseLocation {

        /// Enough for the default number of worker threads, the inbox's writers and the operator.
        public static final int DEFAULT_CONNECTIONS = 16;

        /// @throws IllegalArgumentException if the URL cannot be one, or the size not be that of a pool; never shows the URL
        public PostgreSql {
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException(
                        "a PostgreSQL URL begins with jdbc:postgresql:, as in"
                                + " jdbc:postgresql://localhost/hearth");
            }
            if (url.matches("jdbc:postgresql://[^/?]*@.*")) { // the driver takes them for a port
                throw new IllegalArgumentException(
                        "a PostgreSQL URL has no user and password before the host: set"
                                + " database.user and database.password, or end it in"
                                + " ?user=…&password=…");
            }
            requireReadable(url);
            if (connections < 2 || connections > 1_000) {
                throw new IllegalArgumentException(
                        "a pool has 2 to 1000 connections, was " + connections);
            }
        }

        private static void requireReadable(String url) {
            try {
                new PGSimpleDataSource().setUrl(url);
            } catch (IllegalArgumentException unreadable) {
                throw new IllegalArgumentException(
                        "the driver cannot read the PostgreSQL URL, which is written as in"
                                + " jdbc:postgresql://localhost:5432/hearth",
                        null); // its own message is the URL
            }
        }

        /// Without the password; the URL may hold one too.
        @Override
        public String toString() {
            int query = url.indexOf('?');
            return query < 0 ? url : url.substring(0, query);
        }
    }
}
