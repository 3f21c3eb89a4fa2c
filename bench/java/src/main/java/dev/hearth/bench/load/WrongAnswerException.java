package dev.hearth.bench.load;

/// The server answered, but not what was expected of it.
public final class WrongAnswerException extends Exception {

    public WrongAnswerException(String message) {
        super(message);
    }
}
