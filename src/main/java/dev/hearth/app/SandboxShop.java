package dev.hearth.app;

import dev.hearth.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `serve --sandbox` serves with: a played Stripe, and settings under which nothing real is touched.
/// Data is in a folder of its own and begins empty each time, as the played Stripe does.
final class SandboxShop implements AutoCloseable {
    private final Sandbox sandbox;
    private final Invocation invocation;

    private SandboxShop(Sandbox sandbox, Invocation invocation) {
        this.sandbox = sandbox;
        this.invocation = invocation;
    }

    /// @throws StartException if the configuration is one for real money, or not of this machine alone
    static SandboxShop open(Options options, Map<String, String> environment)
            throws StartException, IOException {
        Settings real = Settings.load(options, environment);
        HostPort http = requirePlayable(real);
        Path data = real.data().resolve("sandbox");
        DataFolder.open(real.data());
        for (String left : List.of("hearth.db", "hearth.db-wal", "hearth.db-shm")) {
            Files.deleteIfExists(data.resolve(left));
        }
        Sandbox sandbox = Sandbox.open();
        String secret = "whsec_sandbox_" + random();
        String callerKey =
                real.payments().apiKey().map(Secret::value).orElseGet(SandboxShop::random);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("HEARTH_STRIPE_API_KEY", sandbox.key());
        variables.put("HEARTH_STRIPE_API_BASE", sandbox.address());
        variables.put("HEARTH_WEBHOOK_STRIPE_SECRET", secret);
        variables.put("HEARTH_PAYMENTS_API_KEY", callerKey);
        variables.put("HEARTH_PAYMENTS_RETURN_PAGE", sandbox.address() + "/back");
        Options played =
                new Options(
                        options.config(),
                        Optional.of(data.toString()),
                        options.listen(),
                        Optional.of(http.toString()),
                        options.idleExit(),
                        options.takeOver(),
                        options.json());
        sandbox.play(URI.create("http://" + http), secret, callerKey);
        System.out.printf(
                "Sandbox: no money moves. Buy something at %s%n"
                        + "  Its payments are in %s: hearth payments list --data %s%n",
                sandbox.address(), data, data);
        return new SandboxShop(sandbox, new Invocation(played, variables));
    }

    private static HostPort requirePlayable(Settings real) throws StartException, IOException {
        if (real.stripe().apiKey().isPresent()) {
            throw refused("stripe.api_key is set, and a sandbox uses no key: unset it");
        }
        if (real.database().url().isPresent()) {
            throw refused("database.url is set, and a sandbox keeps away from real data: unset it");
        }
        HostPort http =
                real.http()
                        .orElseThrow(() -> refused("HTTP is off, and a sandbox is for a browser"));
        if (!InetAddress.getByName(http.host()).isLoopbackAddress()) {
            throw refused("HTTP is on %s, and a sandbox is for this machine only".formatted(http));
        }
        return http.port() == 0 ? new HostPort(http.host(), freePort()) : http;
    }

    private static StartException refused(String why) {
        return new StartException(ExitCode.CONFIG, "--sandbox: " + why);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// How Hearth is to be called.
    Invocation invocation() {
        return invocation;
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
