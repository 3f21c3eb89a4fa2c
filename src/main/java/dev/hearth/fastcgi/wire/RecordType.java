package dev.hearth.fastcgi.wire;

import java.util.Optional;

/// The types of records (FastCGI 1.0 section 8).
public enum RecordType {
    BEGIN_REQUEST(1),
    ABORT_REQUEST(2),
    END_REQUEST(3),
    PARAMS(4),
    STDIN(5),
    STDOUT(6),
    STDERR(7),
    DATA(8),
    GET_VALUES(9),
    GET_VALUES_RESULT(10),
    UNKNOWN_TYPE(11);

    private final byte code;

    RecordType(int code) {
        this.code = (byte) code;
    }

    /// The number on the wire.
    public byte code() {
        return code;
    }

    /// The type of a number from the wire, or nothing where the specification has none.
    public static Optional<RecordType> fromCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(BEGIN_REQUEST);
            case 2 -> Optional.of(ABORT_REQUEST);
            case 3 -> Optional.of(END_REQUEST);
            case 4 -> Optional.of(PARAMS);
            case 5 -> Optional.of(STDIN);
            case 6 -> Optional.of(STDOUT);
            case 7 -> Optional.of(STDERR);
            case 8 -> Optional.of(DATA);
            case 9 -> Optional.of(GET_VALUES);
            case 10 -> Optional.of(GET_VALUES_RESULT);
            case 11 -> Optional.of(UNKNOWN_TYPE);
            default -> Optional.empty();
        };
    }
}
