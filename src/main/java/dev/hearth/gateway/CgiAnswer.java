package dev.hearth.gateway;

import dev.hearth.fastcgi.BodyCutException;
import dev.hearth.fastcgi.BodyTimeoutException;
import dev.hearth.fastcgi.BodyTooLargeException;
import dev.hearth.http.AddressRange;
import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;

/// A handler's answer to a request told by CGI variables, or the answer to what is wrong with the request.
final class CgiAnswer {
    private CgiAnswer() {}

    /// @param contentLength bytes announced, -1 where none were
    /// @throws IOException if nobody waits for the answer any more
    static Response of(
            Handler handler,
            Variables variables,
            long contentLength,
            InputStream body,
            List<AddressRange> trustedProxies)
            throws IOException {
        try {
            return Errors.answer(
                    handler,
                    new Request(new CgiRequest(variables, contentLength, body, trustedProxies)));
        } catch (RefusedException unusable) {
            return unusable.problem().toResponse();
        } catch (BodyTimeoutException slow) {
            return Problem.of(408, "request-timeout", "The body did not arrive in time.")
                    .toResponse();
        } catch (BodyTooLargeException tooLarge) {
            return tooLarge();
        } catch (BodyCutException cut) {
            return Problem.of(
                            400,
                            "content-cut",
                            "The body is shorter than announced; nothing was done.")
                    .toResponse();
        }
    }

    static Response tooLarge() {
        return Problem.of(413, "content-too-large", "The body is longer than this server takes.")
                .toResponse();
    }

    /// What the program tells the front server of how it fared (FastCGI 1.0 section 6.2): 1 where the answer is
    /// that it failed.
    static int exitCode(Response response) {
        return response.status() == 500 ? 1 : 0;
    }

    /// Runs what is to be done once the client has its answer.
    static void runAfterwards(Response response) {
        for (Runnable task : response.afterwards()) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                System.getLogger(CgiAnswer.class.getName())
                        .log(Level.ERROR, "a task after a response failed", bug);
            }
        }
    }
}
