package dev.hearth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// axe-core, which finds what keeps people from using a page: one version, fetched once with `npm pack` and compared
/// with its known hash.
public final class Axe {
    private static final String VERSION = "4.14.1";
    private static final String SHA512 =
            "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";
    private static final Path FOLDER = Path.of("target/axe").toAbsolutePath();

    private final String script;

    private Axe(String script) {
        this.script = script;
    }

    /// Fetches it where it is not there yet. Skips the test where there is no npm.
    public static Axe load() throws Exception {
        Path file = FOLDER.resolve("package/axe.min.js");
        if (!Files.exists(file)) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "no npm");
            Files.createDirectories(FOLDER);
            run("npm", "pack", "--silent", "axe-core@" + VERSION);
            Path archive = FOLDER.resolve("axe-core-" + VERSION + ".tgz");
            byte[] hash = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
            assertThat(Base64.getEncoder().encodeToString(hash)).isEqualTo(SHA512);
            run("tar", "-xzf", archive.toString());
        }
        return new Axe(Files.readString(file));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(FOLDER.resolve("output").toFile())
                        .start();
        assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
    }

    /// What it finds serious or critical on the page, a line each.
    @SuppressWarnings("unchecked") // the script gives a list of texts
    public List<String> seriousFindings(Browser browser) {
        browser.run(script);
        return (List<String>)
                browser.runLater(
                        """
                        const done = arguments[0];
                        axe.run(document).then(found => done(found.violations
                            .filter(each => each.impact === 'serious' || each.impact === 'critical')
                            .map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | '))));
                        """);
    }
}
