package dev.hearth.fronts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real Apache, loading a file of `deploy/apache` as it is.
///
/// What the file lets its installer define (`HEARTH_BACKEND` …) is defined by the test.
final class ApacheServer {
    static final Path DEPLOY = Path.of("deploy/apache").toAbsolutePath();

    private static final Path PROGRAM = Path.of("/usr/sbin/apache2");
    private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    private ApacheServer() {}

    /// Starts Apache with these modules of its own package.
    ///
    /// @param lines before the deploy file is included: `Define` and what else a test needs
    static Front start(Path folder, List<String> modules, List<String> lines, Path... included)
            throws IOException {
        FrontProcess.requirePackage("apache2", PROGRAM);
        if (modules.contains("fcgid")) {
            FrontProcess.requirePackage("libapache2-mod-fcgid", MODULES.resolve("mod_fcgid.so"));
        }
        int port = FrontProcess.freePort();
        Path apache = Files.createTempDirectory(folder, "apache");
        Path site = Files.createDirectories(apache.resolve("site"));
        List<String> config = new ArrayList<>();
        config.add("ServerRoot " + apache);
        config.add("PidFile apache.pid");
        config.add("Listen 127.0.0.1:" + port);
        config.add("ServerName localhost");
        config.add("ErrorLog /dev/stderr");
        config.add("LogLevel warn" + (modules.contains("fcgid") ? " fcgid:info" : ""));
        config.add("Mutex file:" + apache + " default");
        config.add("DocumentRoot " + site);
        config.add("TypesConfig /dev/null");
        List<String> all = new ArrayList<>(List.of("mpm_event", "authz_core", "mime"));
        all.addAll(modules);
        for (String module : all) {
            config.add("LoadModule %s_module %s/mod_%s.so".formatted(module, MODULES, module));
        }
        config.addAll(lines);
        for (Path file : included) {
            config.add("Include " + file);
        }
        Path main = apache.resolve("apache.conf");
        Files.writeString(main, String.join("\n", config) + "\n");
        return FrontProcess.start(
                "apache",
                port,
                apache,
                Map.of(),
                List.of(PROGRAM.toString(), "-DFOREGROUND", "-f", main.toString()));
    }
}
