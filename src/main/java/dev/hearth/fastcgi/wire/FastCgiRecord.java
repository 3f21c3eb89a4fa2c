package dev.hearth.fastcgi.wire;

import java.nio.ByteBuffer;

/// What a web server says to an application, one record or a piece of one at a time.
///
/// The contents of streams come in pieces as they arrive, so that no record need be held whole; an empty
/// piece is the end of the stream (FastCGI 1.0 section 3.3). A piece is a view of the buffer that was
/// decoded: take what you need from it before that buffer is used again.
public sealed interface FastCgiRecord {

    /// There are no more records in the buffer; all its bytes have been taken.
    FastCgiRecord INCOMPLETE = new Incomplete();

    /// See [#INCOMPLETE].
    record Incomplete() implements FastCgiRecord {}

    /// Starts a request (section 5.1). `role` is the number on the wire: see [Role#fromCode].
    record BeginRequest(int requestId, int role, boolean keepConnection) implements FastCgiRecord {}

    /// Gives a request up (section 5.4).
    record AbortRequest(int requestId) implements FastCgiRecord {}

    /// A piece of the request's name-value pairs (section 5.2).
    record Params(int requestId, ByteBuffer content) implements FastCgiRecord {}

    /// A piece of the request's body (section 5.3).
    record Stdin(int requestId, ByteBuffer content) implements FastCgiRecord {}

    /// A piece of the file for a Filter (section 5.3).
    record Data(int requestId, ByteBuffer content) implements FastCgiRecord {}

    /// Asks for values of the application (section 4.1). The content is whole: pairs with empty values.
    record GetValues(ByteBuffer content) implements FastCgiRecord {}

    /// A management record of a type that the specification does not have (section 4.2).
    record UnknownManagement(int type) implements FastCgiRecord {}
}
