package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.Inbox;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// Loads on other threads what a start would wait for, while the main one goes on. Who needs it first finds it made, or
/// waits for the rest. A wrong guess of what is needed costs time and nothing else.
///
/// Only classes that wait for no other thread's may be made here: of two threads that need each other's neither goes on.
final class Preparation {
    private Preparation() {}

    /// At the very beginning, when nobody has read the settings yet.
    ///
    /// @param serves whether this is no other command: those seldom need what a server needs
    static void begin(
            List<String> arguments,
            Map<String, String> environment,
            boolean isCgi,
            boolean serves) {
        start(
                "driver",
                () -> {
                    if (DriverGuess.isSqlite(isCgi ? List.of() : arguments, environment)) {
                        Database.prepareSqlite();
                    }
                    if (isCgi) {
                        Inbox.prepare();
                    } else if (serves) {
                        var _ = UUID.randomUUID(); // looks for who makes random numbers
                        Database.preparePool();
                    }
                });
        if (isCgi ? DriverGuess.hasFile(environment) : serves) {
            start("numbers", Preparation::numbers);
        }
    }

    /// As soon as it is known that HTTP will be served.
    static void beginHttp() {
        start("languages", Preparation::languages);
    }

    /// Great powers of five, which the JDK computes before anybody has a decimal number; who reads a file of settings has.
    private static void numbers() {
        var _ = BigDecimal.valueOf(0);
    }

    /// Jetty asks for the time zone, and for all languages that there are.
    private static void languages() {
        var _ = ZonedDateTime.now(ZoneId.systemDefault());
        var _ = Locale.getAvailableLocales();
    }

    private static void start(String what, Runnable work) {
        Thread.ofPlatform().daemon().name("prepare-" + what).start(work);
    }
}
