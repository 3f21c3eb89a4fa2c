package dev.hearth.web;

import java.io.Serial;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// Where in the source something was registered. Cheap to take; the text is made only when asked for.
public final class Place {
    private final Mark mark = new Mark();

    Place() {}

    private static final class Mark extends Throwable {
        @Serial private static final long serialVersionUID = 1L;
    }

    /// File and line of the first caller outside the classes through which users register.
    @Override
    public String toString() {
        return caller().map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("an unknown place");
    }

    /// Whether Hearth itself has registered it, and no program of a user's.
    public boolean isHearths() {
        return caller().map(StackTraceElement::getClassName).filter(Place::isHearths).isPresent();
    }

    private Optional<StackTraceElement> caller() {
        return Arrays.stream(mark.getStackTrace())
                .filter(frame -> !registers(frame.getClassName()))
                .findFirst();
    }

    private static boolean registers(String className) {
        return className.equals("dev.hearth.app.Application")
                || className.equals(Place.class.getName())
                || className.equals(Mark.class.getName())
                || className.equals(Router.class.getName());
    }

    private static boolean isHearths(String className) {
        return Stream.of("app", "metrics", "operator", "payment", "web.openapi")
                .anyMatch(part -> className.startsWith("dev.hearth." + part + "."));
    }
}
