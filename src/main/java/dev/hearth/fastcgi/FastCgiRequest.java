package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// One request, as the web server sent it. Used by the thread that handles it, until
/// [FastCgiHandler#handle] returns.
///
/// When the web server gives the request up or closes the connection, its thread is interrupted, reads throw an
/// [IOException], and writes throw one too and go nowhere. A peer that only ends its own side of the connection
/// (`shutdown(SHUT_WR)`) after the request still waits for the answer, and gets it. Over TCP it may then go away
/// without a sign, so that its handler learns of it by writing.
public interface FastCgiRequest {

    /// The id on its connection, 1 to 65535. Not unique: ids are used again.
    int id();

    /// What is wanted. A handler that serves one role only may still be asked for another.
    Role role();

    /// The request's variables (FastCGI 1.0 section 6.2, RFC 3875 section 4.1).
    NameValuePairs params();

    /// The length that CONTENT_LENGTH gives, in bytes: 0 for an Authorizer, -1 where none was sent. It has
    /// been checked: a request with anything but digits there was answered with 400.
    long contentLength();

    /// The body: at most [#contentLength] bytes, then the end. For a Filter that is the form data.
    ///
    /// Reading blocks until bytes arrive. It throws where the body stops short of its announced length
    /// ([BodyCutException]), where nothing comes for [Limits#bodyTimeout] ([BodyTimeoutException]), or where a body without an announced
    /// length grows past [Limits#bodyBytes] ([BodyTooLargeException]).
    InputStream stdin();

    /// The file for a Filter, FCGI_DATA_LENGTH bytes long; empty in other roles. Read `stdin` to its end first.
    InputStream data();

    /// The response. Buffered: a response that fits one record leaves in one write with the end of the request.
    ResponseStream stdout();

    /// Lines for the web server's error log. Each write is sent at once.
    OutputStream stderr();

    /// Whether the web server has given the request up or gone away.
    boolean isAborted();

    /// Who is at the other end: an address and port, `unix:` and a path, or `a unix socket`.
    String peer();

    /// Ends the request now: the client gets the rest of the response, and the handler goes on without it
    /// (what PHP calls `fastcgi_finish_request`). Nothing can be written afterwards. Twice is harmless.
    void end(int applicationStatus) throws IOException;
}
