package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The manual says what the program does.
class ManualTest {
    private static final Path PAGE = Path.of("deploy/man/hearth.1");
    private static final Path MAN = Path.of("/usr/bin/man");

    /// Print what no program asks for as JSON, or are the library's.
    private static final Set<String> TEXT_ONLY =
            Set.of("hearth help", "hearth generate-completion", "hearth generate-man");

    private final CommandSpec hearth =
            new CommandLine(new CommandLineTool(Map.of(), (_, _) -> 0)).getCommandSpec();

    @TempDir Path folder;

    @Test
    void the_page_is_that_of_these_commands() throws Exception {
        assertThat(Files.readString(PAGE))
                .as("bin/hearth generate-man > " + PAGE)
                .isEqualTo(ManPage.of(hearth));
    }

    @Test
    void the_page_names_every_command_key_and_exit_code() {
        String page = ManPage.of(hearth).replace("\\-", "-");

        assertThat(leaves(hearth))
                .hasSizeGreaterThan(20)
                .filteredOn(command -> !command.usageMessage().hidden())
                .allSatisfy(
                        command -> assertThat(page).contains(".SS \"" + command.qualifiedName()));
        assertThat(SettingKey.ALL)
                .allSatisfy(key -> assertThat(page).contains(".B " + key.name() + "\n"));
        assertThat(ExitCode.values())
                .allSatisfy(code -> assertThat(page).contains(".B " + code.code() + "\n"));
    }

    @Test
    void man_finds_nothing_wrong_in_the_page_nor_in_the_packages_addition() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(MAN), "man-db is not installed");
        Path whole =
                Files.writeString(
                        folder.resolve("hearth.1"),
                        Files.readString(PAGE)
                                + Files.readString(Path.of("deploy/debian/hearth.1")));
        Path complaints = folder.resolve("complaints");
        ProcessBuilder man =
                new ProcessBuilder(
                                MAN.toString(),
                                "--warnings",
                                "-E",
                                "UTF-8",
                                "-l",
                                "-Tutf8",
                                whole.toString())
                        .redirectError(complaints.toFile())
                        .redirectOutput(folder.resolve("text").toFile());
        man.environment().putAll(Map.of("MANWIDTH", "100", "LC_ALL", "C.UTF-8"));

        assertThat(man.start().waitFor()).isZero();
        assertThat(complaints).isEmptyFile();
        assertThat(Files.readString(folder.resolve("text")))
                .contains("List events, the newest first.");
    }

    @Test
    void every_command_understands_json() {
        assertThat(leaves(hearth))
                .filteredOn(command -> !TEXT_ONLY.contains(command.qualifiedName()))
                .allSatisfy(command ->
                        assertThat(command.findOption("--json"))
                                .as(command.qualifiedName())
                                .isNotNull());
    }

    @Test
    void the_readme_has_every_exit_code() throws Exception {
        String table = Files.readString(Path.of("README.md"));

        assertThat(ExitCode.values())
                .allSatisfy(code ->
                        assertThat(table)
                                .containsPattern("(?m)^\\| (\\d+, )?" + code.code() + "(,| \\|)"));
    }

    @Test
    void the_readme_has_every_key_and_no_other() throws Exception {
        List<String> told = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.matches("\\| `[a-z_]+(\\.[A-Za-z_]+)*`.*\\|.*\\|.*\\|")) {
                told.addAll(keysOf(line.split("\\|")[1]));
            }
        }
        List<String> declared =
                SettingKey.ALL.stream()
                        // an article's stand in an example, those of the scheme hmac go on as "…"
                        .filter(key -> !key.name().startsWith("catalog."))
                        .filter(key -> !key.meaning().startsWith("scheme hmac"))
                        .map(key -> key.name().replaceFirst("<[a-z]+>", "NAME"))
                        .toList();
        assertThat(told).doesNotHaveDuplicates().containsAll(declared);
        assertThat(told)
                .allSatisfy(key ->
                        assertThat(SettingKey.find(key.replace("NAME", "name"))).isPresent());
    }

    /// Of "`log.level` `.file`" both: the second is in the group of the first.
    private static List<String> keysOf(String cell) {
        List<String> keys = new ArrayList<>();
        String group = "";
        for (Matcher each = Pattern.compile("`([^`]+)`").matcher(cell); each.find(); ) {
            String name = each.group(1);
            String key = name.startsWith(".") ? group + name : name;
            group = key.contains(".") ? key.substring(0, key.lastIndexOf('.')) : key;
            keys.add(key);
        }
        return keys;
    }

    private static List<CommandSpec> leaves(CommandSpec spec) {
        List<CommandSpec> leaves = new ArrayList<>();
        for (CommandLine each : spec.subcommands().values()) {
            CommandSpec command = each.getCommandSpec();
            if (command.subcommands().isEmpty()) {
                leaves.add(command);
            } else {
                leaves.addAll(leaves(command));
            }
        }
        return leaves;
    }
}
