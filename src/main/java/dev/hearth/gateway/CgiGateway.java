package dev.hearth.gateway;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Response;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Serves one request as a CGI program (RFC 3875): variables from the environment, the body from standard
/// input, the response to standard output.
///
/// The command line is not looked at: a server passes a query without `=` there, and whatever takes it for
/// options serves an attacker (CVE-2012-1823).
public final class CgiGateway {
    /// Names and values of all variables; more is answered with 431. The kernel takes up to two megabytes, of which
    /// a client may fill all that its web server lets through.
    static final int VARIABLES_CHARACTERS = 256 * 1024;

    private CgiGateway() {}

    /// Whether this process was started as a CGI program.
    public static boolean isCgi(Map<String, String> environment) {
        return !environment.getOrDefault("GATEWAY_INTERFACE", "").isEmpty();
    }

    /// Serves the request that this process was started for.
    ///
    /// @return the exit code: 0, or 1 where the handler failed or the response could not be sent
    public static int serve(Handler handler) throws IOException {
        return serve(handler, Long.MAX_VALUE, List.of());
    }

    /// As [#serve(Handler)], with a limit, and for a web server that has proxies in front of itself.
    ///
    /// @param bodyBytes the longest body; more is answered with 413
    /// @param trustedProxies where REMOTE_ADDR is one of these, its `X-Forwarded-For`, `-Proto` and `-Host` tell
    ///     who the client is
    public static int serve(Handler handler, long bodyBytes, List<AddressRange> trustedProxies)
            throws IOException {
        return serve(
                handler,
                bodyBytes,
                trustedProxies,
                CgiEnvironment.read(),
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out));
    }

    /// Serves one request.
    ///
    /// @param environment bytes as ISO-8859-1 characters
    public static int serve(
            Handler handler, Map<String, String> environment, InputStream in, OutputStream out) {
        return serve(handler, Long.MAX_VALUE, List.of(), environment, in, out);
    }

    /// As above, with a limit and trusted proxies.
    ///
    /// @param environment bytes as ISO-8859-1 characters
    public static int serve(
            Handler handler,
            long bodyBytes,
            List<AddressRange> trustedProxies,
            Map<String, String> environment,
            InputStream in,
            OutputStream out) {
        Variables variables = of(environment);
        Output output = new Output(out);
        try {
            Response response = answer(handler, bodyBytes, trustedProxies, variables, in);
            boolean head = variables.get("REQUEST_METHOD").equals("HEAD");
            CgiResponse.write(response, head, output);
            output.body().flush();
            out.close(); // the client has its answer; what follows is our own time
            CgiAnswer.runAfterwards(response);
            return CgiAnswer.exitCode(response);
        } catch (IOException lost) {
            log().log(Level.WARNING, "the response could not be sent: {0}", lost.getMessage());
            apologize(output);
            return 1;
        } catch (RuntimeException bug) {
            log().log(Level.ERROR, "the response's own writer failed", bug);
            apologize(output);
            return 1;
        }
    }

    /// Looked for when there is something to say: finding it takes longer than the request.
    private static System.Logger log() {
        return System.getLogger(CgiGateway.class.getName());
    }

    /// A response of which nothing has left becomes a 500: a program never ends without one (RFC 3875 section 6.1).
    private static void apologize(Output output) {
        if (output.hasBegun()) {
            return;
        }
        try {
            Problem sorry = Problem.of(500, "internal-error", "Something went wrong here.");
            Output afresh = new Output(output.to);
            CgiResponse.write(sorry.toResponse(), false, afresh);
            afresh.body().flush();
        } catch (IOException gone) {
            log().log(Level.DEBUG, "nor could its failure: {0}", gone.getMessage());
        }
    }

    private static Response answer(
            Handler handler,
            long bodyBytes,
            List<AddressRange> trustedProxies,
            Variables variables,
            InputStream in)
            throws IOException {
        if (characters(variables) > VARIABLES_CHARACTERS) {
            return Problem.of(431, "headers-too-large", HttpProblems.HEADERS_TOO_LARGE)
                    .toResponse();
        }
        long length = contentLength(variables);
        if (length < -1) {
            return Problem.of(400, "bad-content-length", "Content-Length must be digits only.")
                    .toResponse();
        }
        if (length > bodyBytes) {
            return CgiAnswer.tooLarge();
        }
        CgiBody body = new CgiBody(in, length, bodyBytes);
        Response response = CgiAnswer.of(handler, variables, length, body, trustedProxies);
        takeRest(body);
        return response;
    }

    /// fcgiwrap hands the whole body over before it reads an answer, and makes a 502 of the answer of a program that
    /// has ended without taking it.
    private static void takeRest(CgiBody body) {
        try {
            body.takeRest();
        } catch (IOException cut) { // the answer is made, and the same without it
            log().log(Level.DEBUG, "the rest of the body could not be read: {0}", cut.getMessage());
        }
    }

    private static long characters(Variables variables) {
        long characters = 0;
        for (Map.Entry<String, String> each : variables.all().entrySet()) {
            characters += each.getKey().length() + each.getValue().length();
        }
        return characters;
    }

    /// The announced length; -1 where it is not known, less where it is none.
    private static long contentLength(Variables variables) {
        String value = variables.get("CONTENT_LENGTH");
        if (value.isEmpty()) {
            return mayHaveUnannouncedBody(variables) ? -1 : 0;
        }
        boolean digits = value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(value) : Long.MIN_VALUE;
    }

    /// Without CONTENT_LENGTH there is no body (RFC 3875 section 4.2), and the server need not end standard input:
    /// whoever reads it then may wait for ever. But servers that have decoded a chunked body, or one of HTTP/2, which
    /// needs no length, know none to tell; these end it.
    private static boolean mayHaveUnannouncedBody(Variables variables) {
        String protocol = variables.get("SERVER_PROTOCOL");
        return !variables.get("HTTP_TRANSFER_ENCODING").isEmpty()
                || protocol.startsWith("HTTP/2")
                || protocol.startsWith("HTTP/3");
    }

    private static Variables of(Map<String, String> environment) {
        return new Variables() {
            @Override
            public String get(String name) {
                return environment.getOrDefault(name, "");
            }

            @Override
            public Map<String, String> all() {
                return environment;
            }

            @Override
            public boolean ofProgram() {
                return true;
            }
        };
    }

    /// Holds back what fits a buffer, and knows whether any of it has left.
    private static final class Output implements CgiResponse.Output {
        private final OutputStream to;
        private final OutputStream body = new BufferedOutputStream(new Leaving(), 32 * 1024);
        private boolean begun;

        private Output(OutputStream to) {
            this.to = to;
        }

        private boolean hasBegun() {
            return begun;
        }

        @Override
        public void header(String text) throws IOException {
            body.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public OutputStream body() {
            return body;
        }

        private final class Leaving extends OutputStream {
            @Override
            public void write(int b) throws IOException {
                begun = true;
                to.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                begun = true;
                to.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                to.flush();
            }
        }
    }
}
