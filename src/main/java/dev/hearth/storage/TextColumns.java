package dev.hearth.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values that PostgreSQL has types for and SQLite keeps as text: how they are written, and what they are read from.
///
/// Times have six digits behind the second, as PostgreSQL keeps them, and those with an offset are in UTC, so that
/// their texts compare as the times do.
final class TextColumns {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    private TextColumns() {}

    /// What a column holds, made of what the driver gives for it.
    @FunctionalInterface
    private interface Parser<T> {
        T parse(Object raw) throws SQLException;
    }

    /// The value as text, if it is of such a kind. PostgreSQL takes the text for its own type and for text, unless it is
    /// told that it is text.
    ///
    /// @throws IllegalArgumentException if the year has not four digits: both databases write it in their own way
    static Optional<String> written(Object value) {
        return Optional.ofNullable(
                switch (value) {
                    case UUID id -> id.toString();
                    case LocalDate day -> requireYear(day).toString();
                    case LocalDateTime time -> TIME.format(requireYear(time));
                    case OffsetDateTime time ->
                            UTC.format(requireYear(time.withOffsetSameInstant(ZoneOffset.UTC)));
                    default -> null;
                });
    }

    private static <T extends TemporalAccessor> T requireYear(T time) {
        int year = time.get(ChronoField.YEAR);
        if (year < 1 || year > 9999) {
            throw new IllegalArgumentException("years from 1 to 9999 can be bound, not " + year);
        }
        return time;
    }

    static @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
        return read(
                row,
                column,
                "a UUID",
                raw -> raw instanceof UUID id ? id : UUID.fromString(raw.toString()));
    }

    static @Nullable LocalDate date(ResultSet row, int column) throws SQLException {
        return read(
                row,
                column,
                "a date",
                raw ->
                        raw instanceof java.sql.Date
                                ? row.getObject(column, LocalDate.class)
                                : LocalDate.parse(raw.toString()));
    }

    static @Nullable LocalDateTime dateTime(ResultSet row, int column) throws SQLException {
        return read(
                row,
                column,
                "a date with a time",
                raw ->
                        raw instanceof Timestamp
                                ? row.getObject(column, LocalDateTime.class)
                                : LocalDateTime.parse(withT(raw)));
    }

    static @Nullable OffsetDateTime offsetDateTime(ResultSet row, int column) throws SQLException {
        Instant time = instant(row, column);
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /// Milliseconds, as everywhere in Hearth's tables, or what is a time by its column's type or its text.
    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        return read(
                row,
                column,
                "a time",
                raw ->
                        switch (raw) {
                            case Number millis -> Instant.ofEpochMilli(millis.longValue());
                            case Timestamp _ ->
                                    row.getObject(column, OffsetDateTime.class).toInstant();
                            default -> inUtcUnlessSaid(withT(raw));
                        });
    }

    /// SQLite's CURRENT_TIMESTAMP names no offset and is in UTC.
    private static Instant inUtcUnlessSaid(String text) {
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(
                        text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime said
                ? said.toInstant()
                : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    }

    private static String withT(Object raw) {
        return raw.toString().replace(' ', 'T');
    }

    private static <T> @Nullable T read(ResultSet row, int column, String what, Parser<T> parser)
            throws SQLException {
        Object raw = row.getObject(column);
        if (raw == null) {
            return null;
        }
        try {
            return parser.parse(raw);
        } catch (DateTimeException | IllegalArgumentException other) {
            // Without its cause, which quotes the value: it may be personal.
            throw new SQLException(
                    "column %s does not hold %s"
                            .formatted(row.getMetaData().getColumnLabel(column), what));
        }
    }
}
