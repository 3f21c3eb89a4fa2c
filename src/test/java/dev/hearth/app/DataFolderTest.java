package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir Path folder;

    @Test
    void a_secret_that_cannot_be_kept_leaves_nothing_behind() throws Exception {
        Path taken = Files.createDirectories(folder.resolve("webhook.secret/in-the-way"));
        DataFolder data = DataFolder.open(folder);

        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> data.makeSecret(taken.getParent()))
                .satisfies(
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.CANNOT_CREATE));
        assertThat(folder).isDirectoryContaining(taken.getParent()::equals);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void a_secret_is_its_owners_and_the_same_the_next_time() throws Exception {
        Path file = folder.resolve("data/some.secret");
        Secret made = DataFolder.secret(file.getParent(), file);

        assertThat(DataFolder.secret(file.getParent(), file)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx--x--x");
    }
}
