package dev.hearth.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a whole body is taken from its source.
final class RequestBodyTest {
    private static final byte[] BODY = "ten bytes!".getBytes(US_ASCII);
    private static final long UNKNOWN = -1;

    /// A source that has the whole body in one array, and counts what else it is asked for.
    private static final class InOnePiece extends FilterInputStream {
        private int otherReads;

        InOnePiece() {
            super(InputStream.nullInputStream());
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            otherReads++;
            return -1;
        }

        @Override
        public byte[] readNBytes(int length) {
            assertThat(length).isEqualTo(BODY.length);
            return BODY;
        }
    }

    @Test
    void a_body_that_its_source_holds_in_one_array_is_not_copied() throws IOException {
        InOnePiece source = new InOnePiece();
        Request request = Requests.of("POST", "/").body(source, BODY.length).request();
        assertThat(request.bytes(1 << 20)).isSameAs(BODY);
        assertThat(source.otherReads).isZero();
        assertThat(request.bytes(BODY.length)).isSameAs(BODY);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, UNKNOWN})
    void a_body_may_be_as_long_as_the_limit_and_no_longer(long announced) throws IOException {
        assertThat(body(announced).bytes(10)).isEqualTo(BODY);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> body(announced).bytes(9))
                .satisfies(refused -> assertThat(refused.toResponse().status()).isEqualTo(413));
    }

    @Test
    void a_limit_set_before_holds_for_the_whole_body_too() throws IOException {
        Request fits = body(UNKNOWN);
        fits.limitBody(10);
        assertThat(fits.bytes(100)).isEqualTo(BODY);
        Request tooLong = body(UNKNOWN);
        tooLong.limitBody(9);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> tooLong.bytes(100));
    }

    @Test
    void a_body_that_could_not_be_read_whole_is_broken() {
        InputStream cut =
                new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        throw new IOException("the client is gone");
                    }
                };
        Request request = Requests.of("POST", "/").body(cut, 10).request();
        assertThat(request.bodyBroken()).isFalse();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> request.bytes(100));
        assertThat(request.bodyBroken()).isTrue();
    }

    private static Request body(long announced) {
        return Requests.of("POST", "/").body(new ByteArrayInputStream(BODY), announced).request();
    }
}
