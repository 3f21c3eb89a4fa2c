package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxFiles;
import dev.hearth.webhook.InboxFiles.Imported;
import dev.hearth.webhook.InboxFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Events to a file and from one, as JSON lines.
final class InboxTransfer {
    private InboxTransfer() {}

    private static final String STANDARD = "-";

    @Command(
            name = "export",
            description = "Write events to a file as JSON lines, bodies and all, the oldest first.")
    static final class Export extends DatabaseCommand {
        @Mixin private EventFilter filter = new EventFilter();

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                defaultValue = STANDARD,
                description =
                        "Where to; default: standard output. A file that is made is readable by you alone.")
        private String file = STANDARD;

        @Override
        ExitCode on(Database database) throws Exception {
            InboxFilter meant = filter.build(Integer.MAX_VALUE, database.clock().instant());
            long written;
            try (Writer out = writer()) {
                written =
                        new InboxFiles(database)
                                .exportTo(out, meant, new Progress("events exported")::reached);
            } catch (IOException refused) { // a disk that is full, too
                throw new StartException(
                        ExitCode.CANNOT_CREATE,
                        "cannot write %s: %s".formatted(file, Reasons.of(refused)),
                        refused);
            }
            if (!file.equals(STANDARD)) {
                System.out.println(
                        json()
                                ? Json.object("exported", written)
                                : "%,d events exported".formatted(written));
            }
            return ExitCode.OK;
        }

        private Writer writer() throws StartException, IOException {
            if (file.equals(STANDARD)) {
                return new OutputStreamWriter(System.out, UTF_8);
            }
            Path path = Path.of(file);
            DataFolder.createPrivately(path);
            return Files.newBufferedWriter(path);
        }
    }

    @Command(
            name = "import",
            description = {
                "Read events from a file that export wrote. Those that were over stay so, the"
                        + " others are handled;",
                "events that are known already are left alone."
            })
    static final class Import extends DatabaseCommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                defaultValue = STANDARD,
                description = "Where from; default: standard input.")
        private String file = STANDARD;

        @Override
        ExitCode on(Database database) throws Exception {
            try (BufferedReader in = reader()) {
                Imported imported =
                        new InboxFiles(database)
                                .importFrom(in, new Progress("lines read")::reached);
                System.out.println(
                        json()
                                ? Json.object(
                                        "stored", imported.stored(), "known", imported.known())
                                : "%,d events stored, %,d were known already"
                                        .formatted(imported.stored(), imported.known()));
                return ExitCode.OK;
            } catch (IllegalArgumentException damaged) {
                throw new StartException(
                        ExitCode.FAILED,
                        "%s: %s; the lines before are stored"
                                .formatted(name(), damaged.getMessage()),
                        damaged);
            } catch (IOException unreadable) {
                throw new StartException(
                        ExitCode.NO_INPUT,
                        "cannot read %s: %s".formatted(name(), Reasons.of(unreadable)),
                        unreadable);
            }
        }

        private BufferedReader reader() throws IOException {
            return file.equals(STANDARD)
                    ? new BufferedReader(new InputStreamReader(System.in, UTF_8))
                    : Files.newBufferedReader(Path.of(file));
        }

        private String name() {
            return file.equals(STANDARD) ? "standard input" : file;
        }
    }
}
