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
    private CgiGateway() {}

    /// Whether this process was started as a CGI program.
    public static boolean isCgi(Map<String, String> environment) {
        return !environment.getOrDefault("GATEWAY_INTERFACE", "").isEmpty();
    }

    /// Serves the request that this process was started for.
    ///
    /// @return the exit code: 0, or 1 where the handler failed or the response could not be sent
    public static int serve(Handler handler) throws IOException {
        return serve(handler, List.of());
    }

    /// As [#serve(Handler)], for a web server that has proxies in front of itself: where REMOTE_ADDR is one of
    /// these, its `X-Forwarded-For`, `-Proto` and `-Host` tell who the client is.
    public static int serve(Handler handler, List<AddressRange> trustedProxies) throws IOException {
        return serve(
                handler,
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
        return serve(handler, List.of(), environment, in, out);
    }

    private static int serve(
            Handler handler,
            List<AddressRange> trustedProxies,
            Map<String, String> environment,
            InputStream in,
            OutputStream out) {
        Variables variables = of(environment);
        BufferedOutputStream buffered = new BufferedOutputStream(out, 32 * 1024);
        try {
            Response response = answer(handler, trustedProxies, variables, in);
            boolean head = variables.get("REQUEST_METHOD").equals("HEAD");
            CgiResponse.write(response, head, new Output(buffered));
            buffered.flush();
            out.close(); // the client has its answer; what follows is our own time
            CgiAnswer.runAfterwards(response);
            return CgiAnswer.exitCode(response);
        } catch (IOException lost) {
            // Looked for now: finding the log takes longer than the request.
            System.getLogger(CgiGateway.class.getName())
                    .log(Level.WARNING, "the response could not be sent: {0}", lost.getMessage());
            return 1;
        }
    }

    private static Response answer(
            Handler handler, List<AddressRange> trustedProxies, Variables variables, InputStream in)
            throws IOException {
        long length = contentLength(variables.get("CONTENT_LENGTH"));
        if (length < -1) {
            return Problem.of(400, "bad-content-length", "Content-Length must be digits only.")
                    .toResponse();
        }
        return CgiAnswer.of(handler, variables, length, new CgiBody(in, length), trustedProxies);
    }

    /// The announced length; -1 where there is none, less where it is none.
    private static long contentLength(String value) {
        if (value.isEmpty()) {
            return -1;
        }
        boolean digits = value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(value) : Long.MIN_VALUE;
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
        };
    }

    private record Output(OutputStream body) implements CgiResponse.Output {
        @Override
        public void header(String text) throws IOException {
            body.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
