package dev.hearth.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Guesses which database the settings will name, before anybody has read them: its driver takes longer to load than
/// they do. A wrong guess costs time and nothing else.
final class DriverGuess {
    private static final String POSTGRESQL = "jdbc:postgresql:";

    private DriverGuess() {}

    /// Whether SQLite's driver will be wanted.
    static boolean isSqlite(List<String> arguments, Map<String, String> environment) {
        String url = environment.getOrDefault("HEARTH_DATABASE_URL", "");
        return url.isEmpty()
                ? !names(file(arguments, environment), POSTGRESQL)
                : !url.startsWith(POSTGRESQL);
    }

    /// Whether a process that is given no arguments will read a file of settings.
    static boolean hasFile(Map<String, String> environment) {
        try {
            return Files.exists(Path.of(file(List.of(), environment)));
        } catch (InvalidPathException unreadable) {
            return false; // who reads the settings says so
        }
    }

    private static String file(List<String> arguments, Map<String, String> environment) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("--config=")) {
                return argument.substring("--config=".length());
            }
            if (argument.equals("--config") && i + 1 < arguments.size()) {
                return arguments.get(i + 1);
            }
        }
        return environment.getOrDefault("HEARTH_CONFIG", "hearth.toml");
    }

    /// Whether a line that is no comment holds the text. Nothing here is made at run time (a lambda, a pattern): it
    /// would take as long as the driver.
    private static boolean names(String file, String text) {
        try {
            Path path = Path.of(file);
            if (!Files.exists(path)) { // most often so; an exception is not made for it
                return false;
            }
            for (String line : Files.readAllLines(path)) {
                if (line.contains(text) && !line.stripLeading().startsWith("#")) {
                    return true;
                }
            }
            return false;
        } catch (IOException | InvalidPathException unreadable) {
            return false; // who reads the settings says so
        }
    }
}
