package dev.hearth.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The time of the database server, so that machines whose clocks differ agree on what is due and whose
/// lease has ended. Reading it asks nobody: it is this machine's time and the difference measured last.
final class DatabaseClock implements InstantSource {
    private final InstantSource own;
    private volatile Duration ahead = Duration.ZERO;

    DatabaseClock(InstantSource own) {
        this.own = own;
    }

    @Override
    public Instant instant() {
        return own.instant().plus(ahead);
    }

    /// Takes the server's time, which was asked for at `asked` on this machine.
    ///
    /// The answer is taken as that of the middle of the way; a difference of less than the way itself is
    /// none.
    void set(Instant server, Instant asked) {
        Instant answered = own.instant();
        Duration way = Duration.between(asked, answered);
        Duration difference = Duration.between(asked.plus(way.dividedBy(2)), server);
        ahead = difference.abs().compareTo(way) <= 0 ? Duration.ZERO : difference;
    }
}
