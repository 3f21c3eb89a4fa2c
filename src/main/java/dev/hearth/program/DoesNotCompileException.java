package dev.hearth.program;

import java.io.Serial;

/// A source file has errors; the message is what javac says of them, on several lines.
public final class DoesNotCompileException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    DoesNotCompileException(String whatJavacSays) {
        super(whatJavacSays);
    }
}
