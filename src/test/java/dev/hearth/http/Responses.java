package dev.hearth.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/// What a client would see of a response.
public final class Responses {
    private Responses() {}

    public static byte[] bytes(Response response) throws IOException {
        return switch (response.body()) {
            case Body.None _ -> new byte[0];
            case Body.Bytes(byte[] content) -> content;
            case Body.File(var path, long offset, long length) ->
                    Arrays.copyOfRange(
                            Files.readAllBytes(path), (int) offset, (int) (offset + length));
            case Body.Stream(Body.Writer writer, _) -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                writer.writeTo(out);
                yield out.toByteArray();
            }
        };
    }

    public static String text(Response response) throws IOException {
        return new String(bytes(response), StandardCharsets.UTF_8);
    }
}
