package dev.hearth.web;

import java.io.Serial;

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
        for (StackTraceElement frame : mark.getStackTrace()) {
            if (!isOurs(frame.getClassName())) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "an unknown place";
    }

    private static boolean isOurs(String className) {
        return className.equals("dev.hearth.Hearth")
                || className.startsWith("dev.hearth.app.")
                || className.equals(Place.class.getName())
                || className.equals(Mark.class.getName())
                || className.equals(Router.class.getName());
    }
}
