package dev.hearth.fastcgi.wire;

/// How the protocol's part of a request ended (FastCGI 1.0 section 5.5).
public enum ProtocolStatus {
    /// The request was served, well or badly: the application status tells.
    REQUEST_COMPLETE(0),
    /// Refused: the application takes one request at a time on a connection.
    CANT_MPX_CONN(1),
    /// Refused: out of some resource.
    OVERLOADED(2),
    /// Refused: the application does not have this role.
    UNKNOWN_ROLE(3);

    private final byte code;

    ProtocolStatus(int code) {
        this.code = (byte) code;
    }

    /// The number on the wire.
    public byte code() {
        return code;
    }
}
