package dev.hearth.web.json;

import dev.hearth.web.CalendarYear;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Reads dates, times and durations from texts in ISO 8601, as they are written, and from nothing else. Years are those
/// of [CalendarYear].
///
/// Jackson bends to fit: it takes numbers and arrays, and the text `"5"`, for times, drops the time from what is to
/// be a date, and the zone from a time that has one.
final class IsoTimes<T> extends StdScalarDeserializer<T> {
    /// Makes a value of a text.
    private interface Parse<T> {
        T of(CharSequence text);
    }

    private final transient Parse<T> parse;

    private IsoTimes(Class<T> type, Parse<T> parse) {
        super(type);
        this.parse = parse;
    }

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("ISO times");
        add(module, Instant.class, text -> CalendarYear.require(Instant.parse(text)));
        add(module, LocalDate.class, text -> CalendarYear.require(LocalDate.parse(text)));
        add(module, LocalTime.class, LocalTime::parse);
        add(module, LocalDateTime.class, text -> CalendarYear.require(LocalDateTime.parse(text)));
        add(module, OffsetTime.class, OffsetTime::parse);
        add(module, OffsetDateTime.class, text -> CalendarYear.require(OffsetDateTime.parse(text)));
        add(module, ZonedDateTime.class, text -> CalendarYear.require(ZonedDateTime.parse(text)));
        add(module, YearMonth.class, text -> CalendarYear.require(YearMonth.parse(text)));
        add(module, MonthDay.class, MonthDay::parse);
        add(module, Duration.class, Duration::parse);
        return module;
    }

    private static <T> void add(SimpleModule module, Class<T> type, Parse<T> parse) {
        module.addDeserializer(type, new IsoTimes<>(type, parse));
    }

    @Override
    @SuppressWarnings(
            "unchecked") // the context answers with the type that it is asked for, or throws
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return (T) context.handleUnexpectedToken(handledType(), parser);
        }
        String text = parser.getString();
        try {
            return parse.of(text);
        } catch (DateTimeException unreadable) {
            return (T) context.handleWeirdStringValue(handledType(), text, "not in ISO 8601");
        }
    }
}
