package dev.hearth.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;

/// The years that a client may write: those of four digits (RFC 3339), from 1 to 9999. The JDK reads `+10000-01-01`, and
/// a year without a calendar, which databases and other programs do not.
public final class CalendarYear {
    private CalendarYear() {}

    /// The time itself.
    ///
    /// @throws DateTimeException if its year, in its own zone, is another one
    public static <T extends TemporalAccessor> T require(T time) {
        int year =
                time instanceof Instant instant
                        ? instant.atOffset(ZoneOffset.UTC).getYear()
                        : time.get(ChronoField.YEAR);
        if (year < 1 || year > 9999) {
            throw new DateTimeException("year %s, wanted 1 to 9999".formatted(year));
        }
        return time;
    }
}
