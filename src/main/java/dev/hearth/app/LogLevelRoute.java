package dev.hearth.app;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.operator.Audit;
import dev.hearth.operator.Subject.LogLevel;
import dev.hearth.web.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET` and `POST /control/log-level`: how much is logged, for `hearth log level`. Only for who can read the key in the
/// data folder; for all others there is no such page.
final class LogLevelRoute {
    static final String PATH = "/control/log-level";

    private static final Logger log = LoggerFactory.getLogger(LogLevelRoute.class);
    private static final String HERE = "command line";

    private final byte[] authorization;
    private final LogLevel level;
    private final Audit audit;

    LogLevelRoute(Secret key, LogLevel level, Audit audit) {
        this.authorization = authorization(key).getBytes(StandardCharsets.UTF_8);
        this.level = level;
        this.audit = audit;
    }

    /// What shows that the client knows the key.
    static String authorization(Secret key) {
        return "Bearer " + key.value();
    }

    /// A wanted level, and the user of the machine who wants it.
    record Wish(String level, String by) {}

    /// The level that counts from now on, and the one before.
    record Answer(String level, String before) {}

    Response show(Request request) {
        requireKey(request);
        return answer(level.get());
    }

    /// Changes it also where the database is away and cannot take the note: that is when it is wanted most.
    Response change(Request request) throws IOException {
        requireKey(request);
        Wish wish = Json.read(request, Wish.class);
        if (!LogLevel.LEVELS.contains(wish.level)) {
            throw Problem.of(
                            422,
                            "no-such-level",
                            "The levels are " + String.join(", ", LogLevel.LEVELS) + ".")
                    .refuse();
        }
        String before = level.get();
        log.warn("the log level becomes {} (it was {}): {} wants it", wish.level, before, wish.by);
        level.set(wish.level);
        try {
            audit.add(wish.by, HERE, "log level", wish.level, "done");
        } catch (SQLException away) {
            log.warn("the change of the log level is in this log only", away);
        }
        return answer(before);
    }

    private Response answer(String before) {
        return Json.response(new Answer(level.get(), before))
                .withHeader("Cache-Control", "no-store");
    }

    private void requireKey(Request request) {
        byte[] sent = request.header("Authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(authorization, sent)) {
            throw Problem.of(404, "not-found", "There is nothing at this path.").refuse();
        }
    }
}
