package dev.hearth.app;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.toml.TomlFactory;

/// A `hearth.toml`: its values under their dotted names, and the line of each.
///
/// A value is a String, a Number, a Boolean or a List of those.
final class ConfigFile {
    private final Path file;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final TomlLines lines;

    private ConfigFile(Path file, String text) {
        this.file = file;
        this.lines = TomlLines.of(text);
    }

    /// Reads a file.
    ///
    /// @throws StartException if it is missing, not readable or not TOML; names the line
    static ConfigFile read(Path file) throws StartException {
        String text = text(file);
        ConfigFile config = new ConfigFile(file, text);
        // The token stream alone: a mapper would cost a tenth of a second at start.
        try (JsonParser tokens = new TomlFactory().createParser(ObjectReadContext.empty(), text)) {
            tokens.nextToken();
            config.readTable("", tokens);
        } catch (JacksonException malformed) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "%s:%d: not TOML: %s"
                            .formatted(
                                    file,
                                    Math.max(1, malformed.getLocation().getLineNr()),
                                    firstLine(malformed.getOriginalMessage())),
                    malformed);
        }
        return config;
    }

    private static String text(Path file) throws StartException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException notText) {
            throw new StartException(ExitCode.CONFIG, file + " is not text in UTF-8", notText);
        } catch (IOException unreadable) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "cannot read the configuration %s: %s".formatted(file, Reasons.of(unreadable)),
                    unreadable);
        }
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private void readTable(String prefix, JsonParser tokens) {
        for (JsonToken token = tokens.nextToken();
                token != JsonToken.END_OBJECT && token != null;
                token = tokens.nextToken()) {
            String name = prefix + tokens.currentName();
            if (tokens.nextToken() == JsonToken.START_OBJECT) {
                readTable(name + ".", tokens);
            } else {
                values.put(name, value(tokens));
            }
        }
    }

    private static Object value(JsonParser tokens) {
        return switch (tokens.currentToken()) {
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (tokens.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(tokens));
                }
                yield List.copyOf(elements);
            }
            case START_OBJECT -> {
                // A table inside a list: no key holds one; its type error names the key.
                tokens.skipChildren();
                yield Map.of();
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tokens.getNumberValue();
            default -> tokens.getString();
        };
    }

    /// The values under their dotted names, in the order of the file.
    Map<String, Object> values() {
        return values;
    }

    /// The line on which a key stands.
    Origin.ConfigFile origin(String name) {
        return new Origin.ConfigFile(file, lines.lineOf(name));
    }
}
