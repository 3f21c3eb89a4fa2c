package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jr.fastcgi.impl.FastCGIHandler;
import net.jr.fastcgi.impl.RequestAdapter;
import net.jr.fastcgi.impl.ResponseAdapter;
import net.jr.fastcgi.impl.SingleConnectionFactory;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.fcgi.client.transport.HttpClientTransportOverFCGI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// FastCGI as clients speak it that were written by others.
@Timeout(180)
class OtherClientsTest {
    private Listener listener;
    private FastCgiServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        listener = ListenAddress.parse("127.0.0.1:0").open();
        address = (InetSocketAddress) listener.channel().getLocalAddress();
        server =
                FastCgiServer.start(
                        List.of(listener.channel()),
                        new FastCgiGateway(OtherClientsTest::tell),
                        Limits.DEFAULT);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        listener.close();
    }

    /// Says what it was asked, and gives the body back.
    private static Response tell(Request request) throws IOException {
        byte[] body = request.method().equals("POST") ? request.bytes(1 << 20) : new byte[0];
        return Response.bytes(200, "text/plain", body)
                .withHeader(
                        "X-Asked",
                        "%s %s?%s".formatted(request.method(), request.path(), request.rawQuery()));
    }

    private record Asked(String getMethod, String getRequestURI, String getQueryString, byte[] body)
            implements RequestAdapter {
        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public String getServerName() {
            return "localhost";
        }

        @Override
        public int getServerPort() {
            return 80;
        }

        @Override
        public String getRemoteAddr() {
            return "192.0.2.7";
        }

        @Override
        public String getRemoteUser() {
            return null;
        }

        @Override
        public String getAuthType() {
            return null;
        }

        @Override
        public String getProtocol() {
            return "HTTP/1.1";
        }

        @Override
        public String getServletPath() {
            return getRequestURI;
        }

        @Override
        public String getRealPath(String path) {
            return "/srv" + path;
        }

        @Override
        public String getContextPath() {
            return "";
        }

        @Override
        public int getContentLength() {
            return body.length;
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(List.of("User-Agent"));
        }

        @Override
        public String getHeader(String name) {
            return name.equals("User-Agent") ? "jFastCGI" : null;
        }
    }

    private static final class Told implements ResponseAdapter {
        private int status = 200;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void sendError(int code) {
            status = code;
        }

        @Override
        public void setStatus(int code) {
            status = code;
        }

        @Override
        public void sendRedirect(String location) {
            status = 302;
        }

        @Override
        public void addHeader(String name, String value) {
            headers.put(name, value.strip());
        }

        @Override
        public OutputStream getOutputStream() {
            return body;
        }
    }

    private Told jFastCgi(FastCGIHandler client, Asked asked) throws Exception {
        Told told = new Told();
        client.service(asked, told);
        return told;
    }

    @Test
    void jfastcgi_which_ends_no_empty_body() throws Exception { // I15, F33
        FastCGIHandler client = new FastCGIHandler();
        client.setConnectionFactory(
                new SingleConnectionFactory(address.getAddress(), address.getPort()));
        Told told = jFastCgi(client, new Asked("GET", "/a/b", "c=d", new byte[0]));
        assertThat(told.status).isEqualTo(200);
        assertThat(told.headers).containsEntry("X-Asked", "GET /a/b?c=d");
        assertThat(told.body.size()).isZero();
        byte[] body = "quantity=100&item=3047936".repeat(100).getBytes(StandardCharsets.UTF_8);
        Told posted = jFastCgi(client, new Asked("POST", "/a", "", body));
        assertThat(posted.headers).containsEntry("X-Asked", "POST /a?");
        assertThat(posted.body.toByteArray()).isEqualTo(body);
    }

    @Test
    void jettys_client_which_names_the_path_in_its_own_way() throws Exception { // I16
        try (HttpClient client = new HttpClient(new HttpClientTransportOverFCGI("/srv"))) {
            client.start();
            String base = "http://127.0.0.1:" + address.getPort();
            for (int i = 0; i < 10; i++) {
                ContentResponse got = client.GET(base + "/a/b?c=d");
                assertThat(got.getStatus()).isEqualTo(200);
                assertThat(got.getHeaders().get("X-Asked")).isEqualTo("GET /a/b?c=d");
            }
            byte[] body = new byte[300_000];
            ContentResponse posted =
                    client.POST(base + "/a").body(new BytesRequestContent(body)).send();
            assertThat(posted.getHeaders().get("X-Asked")).startsWith("POST /a?");
            assertThat(posted.getContent()).isEqualTo(body);
        }
    }
}
