package dev.hearth.sandbox;

import java.io.Serial;

/// What the stand-in answers to a request that it does not do.
final class NotDoneException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;
    private final String parameter;

    NotDoneException(int status, String code, String parameter) {
        super(code);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
    }

    int status() {
        return status;
    }

    String type() {
        return status == 402 ? "card_error" : "invalid_request_error";
    }

    String code() {
        return code;
    }

    String parameter() {
        return parameter;
    }
}
