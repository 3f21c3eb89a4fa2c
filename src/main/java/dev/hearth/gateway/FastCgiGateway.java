package dev.hearth.gateway;

import dev.hearth.fastcgi.FastCgiHandler;
import dev.hearth.fastcgi.FastCgiRequest;
import dev.hearth.fastcgi.ResponseStream;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.LogText;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Serves handlers over FastCGI: as Responder, and as Authorizer where one is given.
public final class FastCgiGateway implements FastCgiHandler {
    private final Handler responder;
    private final Optional<Handler> authorizer;
    private final List<AddressRange> trustedProxies;

    /// Serves requests; those for an Authorizer are answered with UNKNOWN_ROLE.
    public FastCgiGateway(Handler responder) {
        this(responder, Optional.empty(), List.of());
    }

    private FastCgiGateway(
            Handler responder, Optional<Handler> authorizer, List<AddressRange> trustedProxies) {
        this.responder = responder;
        this.authorizer = authorizer;
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /// The same gateway with an Authorizer (FastCGI 1.0 section 6.3): its 200 lets a request pass, and its headers
    /// `Variable-NAME` become variables of that request; any other response is the client's answer.
    public FastCgiGateway withAuthorizer(Handler handler) {
        return new FastCgiGateway(responder, Optional.of(handler), trustedProxies);
    }

    /// The same gateway, for a web server that has proxies in front of itself: where REMOTE_ADDR is one of
    /// these, its `X-Forwarded-For`, `-Proto` and `-Host` tell who the client is.
    public FastCgiGateway withTrustedProxies(List<AddressRange> proxies) {
        return new FastCgiGateway(responder, authorizer, proxies);
    }

    /// What a log may say of requests: method and path, never the query.
    public static List<String> names(List<NameValuePairs> requests) {
        return requests.stream().map(Variables::of).map(FastCgiGateway::name).toList();
    }

    private static String name(Variables variables) {
        String method = variables.get("REQUEST_METHOD");
        try {
            return LogText.escape(method + " " + RequestPath.of(variables));
        } catch (RefusedException noPath) {
            return LogText.escape(method + " without a path");
        }
    }

    @Override
    public String name(NameValuePairs params) {
        return name(Variables.of(params));
    }

    @Override
    public boolean serves(Role role) {
        return switch (role) {
            case RESPONDER -> true;
            case AUTHORIZER -> authorizer.isPresent();
            case FILTER -> false;
        };
    }

    @Override
    public int handle(FastCgiRequest request) throws IOException {
        Handler handler = request.role() == Role.AUTHORIZER ? authorizer.orElseThrow() : responder;
        Variables variables = variables(request);
        Response response =
                CgiAnswer.of(
                        handler,
                        variables,
                        request.contentLength(),
                        request.stdin(),
                        trustedProxies);
        boolean head = variables.get("REQUEST_METHOD").equals("HEAD");
        CgiResponse.write(response, head, new Output(request.stdout()));
        if (!response.afterwards().isEmpty()) {
            request.end(CgiAnswer.exitCode(response));
            CgiAnswer.runAfterwards(response);
        }
        return CgiAnswer.exitCode(response);
    }

    private static Variables variables(FastCgiRequest request) {
        Variables sent = Variables.of(request.params());
        // An Authorizer is told no SCRIPT_NAME and no PATH_INFO (section 6.3), and by some servers
        // nothing else that names a path.
        return request.role() == Role.AUTHORIZER && !RequestPath.isKnown(sent)
                ? sent.with("REQUEST_URI", "/")
                : sent;
    }

    private record Output(ResponseStream stdout) implements CgiResponse.Output {
        @Override
        public void header(String text) throws IOException {
            stdout.writeLatin1(text);
        }

        @Override
        public OutputStream body() {
            return stdout;
        }
    }
}
