package org.sqlite.date;

import java.text.ParseException;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The date format of SQLite's driver, in place of the driver's own class of this name: it asks the JDK for calendars
/// with the first date that is text, and not before.
///
/// The driver makes a format for each configuration, whether or not dates are text. The first of them had the JDK
/// look up the calendars of all locales that it knows: a fifth of the time of a CGI request, and nothing of ours is
/// stored as such a date. (Hearth's jar stands before the driver's on the class path.)
///
/// It has the methods that the driver calls; the work is left to the driver's own printer and parser.
public final class FastDateFormat {
    private static final Map<List<Object>, FastDateFormat> KNOWN = new ConcurrentHashMap<>();

    private final String pattern;
    private final @Nullable TimeZone zone; // that of the machine, where there is none
    private volatile @Nullable Work work;

    /// Made together: who has one date as text has others.
    private record Work(FastDatePrinter printer, FastDateParser parser) {}

    private FastDateFormat(String pattern, @Nullable TimeZone zone) {
        this.pattern = pattern;
        this.zone = zone;
    }

    /// In the time zone of the machine.
    public static FastDateFormat getInstance(String pattern) {
        return new FastDateFormat(pattern, null);
    }

    /// In any time zone. The driver asks anew for each value of a column.
    public static FastDateFormat getInstance(String pattern, TimeZone zone) {
        return KNOWN.computeIfAbsent(
                List.of(pattern, zone, Locale.getDefault()),
                _ -> new FastDateFormat(pattern, zone));
    }

    public String format(Date date) {
        return work().printer().format(date);
    }

    public Date parse(String text) throws ParseException {
        return work().parser().parse(text);
    }

    private Work work() {
        Work made = work;
        if (made == null) {
            TimeZone in = zone == null ? TimeZone.getDefault() : zone;
            Locale locale = Locale.getDefault();
            made =
                    new Work(
                            new FastDatePrinter(pattern, in, locale),
                            new FastDateParser(pattern, in, locale));
            work = made;
        }
        return made;
    }
}
