package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.HearthProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trying sources out whose senders sign in ways of their own.
class SendCommandIT {
    private static final int KEY_BYTES = 32;

    @TempDir Path folder;

    private HearthProcess.Plan source(String scheme, String secret) {
        return HearthProcess.in(folder)
                .environment("HEARTH_WEBHOOK_SHOP_SCHEME", scheme)
                .environment("HEARTH_WEBHOOK_SHOP_SECRET", secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "shopify", "hmac"})
    void nothing_is_stale_of_who_signs_no_time(String scheme) throws Exception {
        Result refused = source(scheme, "a secret").run("send", "shop", "push", "--stale");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(refused.output()).contains("the sender of the source shop signs no time");
    }

    @Test
    void a_sender_with_a_key_pair_is_played_with_its_private_key() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        HearthProcess.Plan plan =
                source("ed25519", "whpk_" + lastBytes(pair.getPublic().getEncoded()));
        Path key = folder.resolve("sender.key");
        Files.writeString(key, "whsk_" + lastBytes(pair.getPrivate().getEncoded()) + "\n");
        try (HearthProcess hearth = plan.start()) {
            String http = "--http=" + hearth.uri("").getAuthority();
            Result unable = plan.run("send", "shop", "order.placed", http);
            assertThat(unable.exitCode()).isEqualTo(ExitCode.CONFIG.code());
            assertThat(unable.output()).contains("--key names a file with another");

            Result sent = plan.run("send", "shop", "order.placed", "--key=" + key, http);
            assertThat(sent.output()).contains(": 200 ");
            assertThat(sent.exitCode()).isZero();
        }
    }

    @Test
    void a_key_that_is_not_there_is_named() throws Exception {
        HearthProcess.Plan plan = source("ed25519", "");
        Result missing = plan.run("send", "shop", "order.placed", "--key=none.key");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.NO_INPUT.code());
        assertThat(missing.output())
                .contains("cannot read the key in none.key: there is no such file or folder");
        Path empty = Files.createFile(folder.resolve("empty.key"));
        assertThat(plan.run("send", "shop", "order.placed", "--key=" + empty).output())
                .contains("holds no key");
    }

    private static String lastBytes(byte[] encoded) {
        return Base64.getEncoder()
                .encodeToString(
                        Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }
}
