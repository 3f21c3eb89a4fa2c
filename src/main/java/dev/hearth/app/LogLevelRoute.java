package dev.hearth.app;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.operator.Audit;
import dev.hearth.operator.Subject.LogLevel;
import dev.hearth.web.json.Json;
import java.io.IOException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET` and `POST /control/log-level`: how much is logged, for `hearth log level`, and so for holders of the [ControlKey].
final class LogLevelRoute {
    static final String PATH = "/control/log-level";

    private static final Logger log = LoggerFactory.getLogger(LogLevelRoute.class);
    private static final String HERE = "command line";

    private final ControlKey key;
    private final LogLevel level;
    private final Audit audit;

    LogLevelRoute(ControlKey key, LogLevel level, Audit audit) {
        this.key = key;
        this.level = level;
        this.audit = audit;
    }

    /// A wanted level, and the user of the machine who wants it.
    record Wish(String level, String by) {}

    /// The level that counts from now on, and the one before.
    record Answer(String level, String before) {}

    Response show(Request request) {
        key.require(request);
        return answer(level.get());
    }

    /// Changes it also where the database is away and cannot take the note: that is when it is wanted most.
    Response change(Request request) throws IOException {
        key.require(request);
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
}
