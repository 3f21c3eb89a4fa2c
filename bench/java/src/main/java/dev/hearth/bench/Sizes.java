package dev.hearth.bench;

import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What has to be installed to run a peer.
final class Sizes {

    static final String SIZE = "size";
    static final String MEGABYTES = "MB";
    static final String PACKED = "hearth, packed distribution";

    private Sizes() {}

    static void keep(Suite suite) throws IOException, InterruptedException {
        Shop shop = suite.shop;
        Path target = shop.root().resolve("target");
        keep(
                suite,
                "hearth, jars",
                megabytes(target.resolve("hearth.jar")) + megabytes(target.resolve("lib")));
        Path distributions = target.resolve("dist");
        if (Files.isDirectory(distributions)) {
            try (Stream<Path> files = Files.list(distributions)) {
                for (Path file : files.filter(Sizes::isDistribution).toList()) {
                    keep(suite, PACKED, megabytes(file));
                }
            }
        }
        keep(suite, "JDK 25, whole", megabytes(shop.java().getParent().getParent()));
        Path go = Peers.goProgram(shop);
        if (Files.exists(go)) {
            keep(suite, "go, program", megabytes(go));
        }
        installed(
                suite,
                "php-fpm, packages",
                List.of("php8.2-fpm", "php8.2-cli", "php8.2-common", "php8.2-opcache"));
        installed(suite, "libfcgi, package", List.of("libfcgi0ldbl"));
    }

    private static boolean isDistribution(Path file) {
        return file.getFileName().toString().matches("hearth-.*\\.tar\\.gz");
    }

    private static void installed(Suite suite, String what, List<String> packages)
            throws IOException, InterruptedException {
        Stream<String> command =
                Stream.concat(
                        Stream.of("dpkg-query", "-W", "-f=${Installed-Size}\n"), packages.stream());
        double kib = 0;
        for (String line : Shop.output(command.toArray(String[]::new)).lines().toList()) {
            kib += Double.parseDouble(line);
        }
        keep(suite, what, kib / 1024);
    }

    private static void keep(Suite suite, String what, double megabytes) {
        suite.keep(what, SIZE, 1, Map.of(MEGABYTES, megabytes));
    }

    private static double megabytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes / 1048576.0;
        }
    }
}
