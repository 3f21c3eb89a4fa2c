package dev.hearth.jobs;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;

/// When a job comes back.
public sealed interface Timetable {

    /// Whenever so much time has passed since it ended; at once where it never ran.
    record Interval(Duration pause) implements Timetable {
        public Interval {
            if (pause.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "a job comes back after a second or more, not after " + pause);
            }
        }
    }

    /// Every day at these times.
    record Daily(List<LocalTime> times, ZoneId zone) implements Timetable {
        public Daily {
            times = List.copyOf(times);
            if (times.isEmpty()) {
                throw new IllegalArgumentException("a daily job needs a time, such as 03:00");
            }
        }
    }

    /// As crontab(5) has it: minute, hour, day of the month, month, day of the week.
    record Cron(String expression, ZoneId zone) implements Timetable {}

    /// Whenever so much time has passed.
    static Timetable interval(Duration pause) {
        return new Interval(pause);
    }

    /// Every day at times such as `03:00`, by this machine's time zone.
    static Timetable daily(String... times) {
        try {
            return new Daily(
                    Stream.of(times).map(LocalTime::parse).toList(), ZoneId.systemDefault());
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException(
                    "a time of day is written as in 03:00 or 15:30, not " + wrong.getParsedString(),
                    wrong);
        }
    }

    /// As in `0 3 * * 1`: at three o'clock on Mondays, by this machine's time zone.
    static Timetable cron(String expression) {
        return new Cron(expression, ZoneId.systemDefault());
    }
}
