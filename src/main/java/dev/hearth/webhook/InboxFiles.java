package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.KeptText;
import dev.hearth.storage.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Stored events as JSON lines: one object a line, the body in base64, byte for byte as it was signed.
public final class InboxFiles {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CHUNK = 200;

    private final Database database;

    public InboxFiles(Database database) {
        this.database = database;
    }

    /// Writes the events that fit, oldest first, and tells how many. Memory holds a few hundred at a time.
    public long exportTo(Writer out, InboxFilter filter) throws SQLException, IOException {
        return exportTo(out, filter, _ -> {});
    }

    /// As above, telling from time to time how many are written.
    public long exportTo(Writer out, InboxFilter filter, LongConsumer progress)
            throws SQLException, IOException {
        InboxConditions where = InboxConditions.of(filter, database.dialect());
        long written = 0;
        String after = "";
        while (written < filter.limit()) {
            List<Object> parameters = new ArrayList<>(where.parameters());
            parameters.add(after);
            parameters.add(Math.min(CHUNK, filter.limit() - written));
            List<ObjectNode> lines =
                    database.read(tx ->
                            tx.query(
                                    "SELECT * FROM webhook_inbox WHERE "
                                            + where.sql()
                                            + " AND id > ? ORDER BY id LIMIT ?",
                                    InboxFiles::line,
                                    parameters.toArray()));
            for (ObjectNode line : lines) {
                out.write(JSON.writeValueAsString(line));
                out.write('\n');
                after = line.get("id").asString();
            }
            written += lines.size();
            progress.accept(written);
            if (lines.size() < CHUNK) {
                break;
            }
        }
        out.flush();
        return written;
    }

    private static ObjectNode line(Row row) throws SQLException {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", row.text("id"));
        line.put("source", row.text("source"));
        line.put("external_id", row.text("external_id"));
        line.put("type", row.text("event_type"));
        row.optionalText("object_type").ifPresent(value -> line.put("object_type", value));
        row.optionalText("object_id").ifPresent(value -> line.put("object_id", value));
        row.optionalText("api_version").ifPresent(value -> line.put("api_version", value));
        row.optionalFlag("livemode").ifPresent(value -> line.put("livemode", value));
        line.put("created", row.number("event_created"));
        line.put("received_at", row.number("received_at"));
        line.put("state", row.text("state"));
        line.put("attempts", row.integer("attempts"));
        row.optionalText("last_error").ifPresent(value -> line.put("last_error", value));
        row.optionalInstant("done_at").ifPresent(at -> line.put("done_at", at.toEpochMilli()));
        line.put("headers", row.text("headers_json"));
        line.put("sha256", HexFormat.of().formatHex(row.bytes("body_sha256")));
        row.optionalBytes("body")
                .ifPresent(body -> line.put("body", Base64.getEncoder().encodeToString(body)));
        return line;
    }

    /// What became of the lines that were read.
    ///
    /// @param known events that were in the inbox already, by source and external id
    public record Imported(long stored, long known) {}

    /// Reads lines as [#exportTo] writes them. What was over stays over; everything else waits to be
    /// handled. Reading a file twice changes nothing. Empty lines are passed over.
    ///
    /// @throws IllegalArgumentException if a line is not one of these, with its number; the lines before
    ///     it are stored
    public Imported importFrom(BufferedReader in) throws SQLException, IOException {
        return importFrom(in, _ -> {});
    }

    /// As above, telling from time to time how many lines are read.
    public Imported importFrom(BufferedReader in, LongConsumer progress)
            throws SQLException, IOException {
        long stored = 0;
        long events = 0;
        long number = 0;
        List<JsonNode> chunk = new ArrayList<>(CHUNK);
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            number++;
            if (text.isBlank()) {
                continue;
            }
            try {
                chunk.add(parse(text, number));
            } catch (IllegalArgumentException damaged) {
                store(chunk);
                throw damaged;
            }
            events++;
            if (chunk.size() == CHUNK) {
                stored += store(chunk);
                chunk.clear();
                progress.accept(number);
            }
        }
        stored += store(chunk);
        return new Imported(stored, events - stored);
    }

    private static JsonNode parse(String text, long number) {
        try {
            JsonNode line = JSON.readTree(text);
            require(line);
            return line;
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException(
                    "line %d is not a JSON object".formatted(number), malformed);
        } catch (IllegalArgumentException damaged) {
            throw new IllegalArgumentException(
                    "line %d: %s".formatted(number, damaged.getMessage()), damaged);
        }
    }

    /// Refuses what could not be stored, or would hold up the worker.
    private static void require(JsonNode line) {
        for (String member : List.of("id", "source", "external_id", "type", "sha256", "state")) {
            String value = line.path(member).asStringOpt().orElse("");
            if (!line.path(member).isString() || value.isEmpty() || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("it has no text \"%s\"".formatted(member));
            }
        }
        requireNumber("received_at", line.path("received_at"));
        for (String member : List.of("created", "attempts", "done_at")) {
            if (line.has(member)) {
                requireNumber(member, line.get(member));
            }
        }
        byte[] hash = hash(line);
        if (line.has("body")
                ? !Arrays.equals(hash, Hmac.Algorithm.SHA256.newDigest().digest(body(line)))
                : hash.length != Hmac.Algorithm.SHA256.size()) {
            throw new IllegalArgumentException("the body is not the one that was hashed");
        }
        boolean over = isOver(line); // refuses a state that is none, too
        if (!line.has("body") && !over) {
            throw new IllegalArgumentException("an event that is to be handled has a body");
        }
    }

    private static void requireNumber(String member, JsonNode value) {
        boolean fits =
                member.equals("attempts") ? value.canConvertToInt() : value.canConvertToLong();
        if (!value.isIntegralNumber() || !fits) {
            throw new IllegalArgumentException("it has no whole number \"%s\"".formatted(member));
        }
    }

    private static boolean isOver(JsonNode line) {
        return switch (InboxState.parse(line.get("state").asString())) {
            case DONE, IGNORED, DEAD -> true;
            case RECEIVED, PROCESSING, RETRY -> false;
        };
    }

    private static byte[] hash(JsonNode line) {
        return HexFormat.of().parseHex(line.get("sha256").asString());
    }

    private static byte[] body(JsonNode line) {
        if (!line.get("body").isString()) {
            throw new IllegalArgumentException("its body is no text");
        }
        return Base64.getDecoder().decode(line.get("body").asString());
    }

    private int store(List<JsonNode> lines) throws SQLException {
        return database.write(tx -> {
            int stored = 0;
            for (JsonNode line : lines) {
                boolean over = isOver(line);
                long received = line.path("received_at").asLong();
                stored +=
                        tx.update(
                                """
                                INSERT INTO webhook_inbox (id, source, external_id, event_type, object_type,
                                    object_id, api_version, livemode, event_created, received_at,
                                    headers_json, body, body_sha256, state, attempts, next_at, last_error,
                                    done_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                ON CONFLICT DO NOTHING
                                """,
                                line.get("id").asString(),
                                line.get("source").asString(),
                                line.get("external_id").asString(),
                                line.get("type").asString(),
                                optionalText(line, "object_type"),
                                optionalText(line, "object_id"),
                                optionalText(line, "api_version"),
                                Optional.of(line.path("livemode"))
                                        .filter(JsonNode::isBoolean)
                                        .map(JsonNode::asBoolean),
                                line.path("created").asLong(received),
                                received,
                                line.path("headers").asString("{}"),
                                line.has("body") ? Optional.of(body(line)) : Optional.empty(),
                                hash(line),
                                over ? line.get("state").asString() : InboxState.RECEIVED.column(),
                                line.path("attempts").asInt(0),
                                over ? Optional.empty() : Optional.of(received),
                                optionalText(line, "last_error")
                                        .map(error -> KeptText.of(error, error.length())),
                                Optional.of(line.path("done_at"))
                                        .filter(at -> over && at.isNumber())
                                        .map(JsonNode::asLong));
            }
            return stored;
        });
    }

    private static Optional<String> optionalText(JsonNode line, String member) {
        return Optional.of(line.path(member)).filter(JsonNode::isString).map(JsonNode::asString);
    }
}
