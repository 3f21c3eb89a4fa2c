package dev.hearth.webhook;

import java.security.MessageDigest;
import java.util.HexFormat;

/// Names an event whose sender gave it no id: the same content is the same event.
final class ContentId {
    private ContentId() {}

    static String of(byte[]... parts) {
        MessageDigest digest = Hmac.Algorithm.SHA256.newDigest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return "sha256-" + HexFormat.of().formatHex(digest.digest());
    }
}
