package dev.hearth.app;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.storage.Dialect;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers 503 with `Retry-After` where a request needs a database that is away or has no hand free: the same
/// request can succeed in a moment, and it is nobody's bug.
final class DatabaseAway implements Middleware {
    private static final Logger log = LoggerFactory.getLogger(DatabaseAway.class);
    private static final String SECONDS = "5";

    private final Dialect dialect;

    DatabaseAway(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            try {
                return next.handle(request);
            } catch (SQLException failed) {
                if (!dialect.isAway(failed)) {
                    throw failed;
                }
                log.warn(
                        "{} {}: the database is away or busy: {}",
                        request.method(),
                        request.route().orElse("(no route)"),
                        failed.getMessage());
                throw Problem.of(
                                503,
                                "database-away",
                                "The database does not answer now. Send the same request again.")
                        .refuse("Retry-After", SECONDS);
            }
        };
    }
}
