package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.fastcgi.wire.TooManyPairsException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the web server has sent of one request: its variables, and its bodies on their way to the handler.
///
/// Owned by the thread that reads the connection until the variables are whole; from then on the bodies are where
/// that thread and the handler's meet, and the rest does not change.
final class Incoming {
    private static final System.Logger log = EngineLog.get();

    private final Role role;
    private final Limits limits;
    private final Runnable roomAgain;

    private byte[] paramBytes = new byte[0];
    private int paramLength;
    private boolean paramsEnded;
    private NameValuePairs params = NameValuePairs.EMPTY;
    private long contentLength;
    private @Nullable BodyPipe stdin;
    private @Nullable BodyPipe data;

    /// @param roomAgain called when a body that was full has been drained
    Incoming(Role role, Limits limits, Runnable roomAgain) {
        this.role = role;
        this.limits = limits;
        this.roomAgain = roomAgain;
    }

    /// Takes a piece of the variables. Returns false where they grow past the limit: that ends them.
    boolean addParams(ByteBuffer content) {
        int length = content.remaining();
        if (paramLength + length > limits.paramsBytes()) {
            paramBytes = new byte[0];
            paramsEnded = true; // more may come before the answer has left
            return false;
        }
        if (paramLength + length > paramBytes.length) {
            // The first piece is mostly the only one, so it gets an array of just its size.
            int capacity =
                    paramLength == 0 ? length : Math.max(paramLength + length, 2 * paramLength);
            paramBytes = Arrays.copyOf(paramBytes, capacity);
        }
        content.get(paramBytes, paramLength, length);
        paramLength += length;
        return true;
    }

    /// Reads the variables, now that they are whole.
    ///
    /// @param exchange for the log
    /// @return why the request cannot be served, or null where it can
    @Nullable Refusal endParams(Exchange exchange) {
        paramsEnded = true;
        try {
            params = NameValuePairs.decode(paramBytes, paramLength, limits.params());
        } catch (TooManyPairsException tooMany) {
            return Refusal.PARAMS_TOO_LARGE;
        } catch (ProtocolException malformed) {
            log.log(Level.INFO, "{0}: {1}", exchange, malformed.getMessage());
            return Refusal.BAD_PARAMS;
        }
        long length = role == Role.AUTHORIZER ? 0 : Lengths.parse(params, "CONTENT_LENGTH");
        long fileLength = role == Role.FILTER ? Lengths.parse(params, "FCGI_DATA_LENGTH") : 0;
        if (length == Lengths.MALFORMED || fileLength == Lengths.MALFORMED) {
            return Refusal.BAD_LENGTH;
        }
        if (length > limits.bodyBytes()) {
            return Refusal.BODY_TOO_LARGE;
        }
        contentLength = length;
        stdin = new BodyPipe(length, limits, roomAgain);
        if (role == Role.FILTER) {
            data = new BodyPipe(fileLength, limits, roomAgain);
        }
        return null;
    }

    boolean paramsEnded() {
        return paramsEnded;
    }

    /// Takes a piece of the body. Returns false when enough is held: see [BodyPipe#feed]. The handler is not told
    /// before [#announce].
    boolean feedStdin(ByteBuffer content) {
        BodyPipe pipe = stdin;
        return pipe == null || pipe.feed(content);
    }

    /// Takes a piece of the Filter's file.
    boolean feedData(ByteBuffer content) {
        BodyPipe pipe = data;
        return pipe == null || pipe.feed(content);
    }

    /// Wakes whoever waits for what has been fed.
    void announce() {
        BodyPipe body = stdin;
        if (body != null) {
            body.announce();
        }
        BodyPipe file = data;
        if (file != null) {
            file.announce();
        }
    }

    /// Whether a stream of this request holds all that it may.
    boolean isFull() {
        BodyPipe body = stdin;
        BodyPipe file = data;
        return (body != null && body.isFull()) || (file != null && file.isFull());
    }

    /// Whether the web server has sent all that it will send of this request.
    boolean isFullyReceived() {
        BodyPipe body = stdin;
        BodyPipe file = data;
        return role == Role.AUTHORIZER
                ? paramsEnded
                : body != null && body.isEnded() && (file == null || file.isEnded());
    }

    /// Whether all of the body is here that the handler will ever get.
    boolean isBodyComplete() {
        BodyPipe body = stdin;
        return body == null || contentLength == 0 || body.isComplete();
    }

    /// Waits until the body is here or as much of it as may be kept, read or not.
    void awaitHeld() throws IOException {
        BodyPipe body = stdin;
        if (body != null) {
            body.awaitHeld();
        }
    }

    /// Waits until the web server has ended STDIN.
    void awaitStdinEnd() throws IOException {
        BodyPipe body = stdin;
        if (body != null) {
            body.awaitEnd();
        }
    }

    /// Nothing more will come: whoever reads a body that is not whole is told.
    void endOfInput() {
        BodyPipe body = stdin;
        if (body != null) {
            body.endOfInput();
        }
        BodyPipe file = data;
        if (file != null) {
            file.endOfInput();
        }
    }

    /// The request is given up: whoever reads its bodies is told.
    void fail(IOException why) {
        BodyPipe body = stdin;
        if (body != null) {
            body.fail(why);
        }
        BodyPipe file = data;
        if (file != null) {
            file.fail(why);
        }
    }

    /// The handler has returned: what it did not read is dropped.
    void discard() {
        BodyPipe body = stdin;
        if (body != null) {
            body.discard();
        }
        BodyPipe file = data;
        if (file != null) {
            file.discard();
        }
    }

    NameValuePairs params() {
        return params;
    }

    long contentLength() {
        return contentLength;
    }

    InputStream stdin() {
        BodyPipe body = stdin;
        return body == null || role == Role.AUTHORIZER ? InputStream.nullInputStream() : body;
    }

    InputStream data() {
        BodyPipe file = data;
        return file == null ? InputStream.nullInputStream() : file;
    }
}
