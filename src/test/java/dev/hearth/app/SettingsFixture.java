package dev.hearth.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/// Loads settings from a file of their own.
abstract class SettingsFixture {
    @TempDir Path folder;

    static Settings.Source source(Settings settings, String name) {
        return Objects.requireNonNull(settings.webhooks().get(name));
    }

    Settings load(String toml) throws StartException, IOException {
        return load(toml, Map.of(), Options.NONE);
    }

    Settings load(String toml, Map<String, String> environment, Options options)
            throws StartException, IOException {
        Path file = Files.writeString(folder.resolve("hearth.toml"), toml);
        return Settings.load(
                new Options(
                        Optional.of(file.toString()),
                        options.data(),
                        options.listen(),
                        options.http(),
                        options.idleExit(),
                        options.takeOver(),
                        options.json()),
                environment);
    }
}
