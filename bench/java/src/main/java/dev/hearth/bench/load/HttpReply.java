package dev.hearth.bench.load;

import java.nio.ByteBuffer;

/// Reads HTTP/1.1 answers: by Content-Length, chunked, or up to the end of the connection.
final class HttpReply implements Reply {

    private enum Phase {
        HEAD,
        COUNTED,
        TO_THE_END,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private final AnswerCheck check = new AnswerCheck();
    private final StringBuilder line = new StringBuilder();
    private Expectation expected = Expectation.of(200);
    private Phase phase = Phase.HEAD;
    private long left;

    @Override
    public void begin(Expectation next) {
        expected = next;
        phase = Phase.HEAD;
        line.setLength(0);
        check.begin(next);
    }

    @Override
    public boolean take(ByteBuffer arrived) throws WrongAnswerException {
        while (arrived.hasRemaining()) {
            boolean complete =
                    switch (phase) {
                        case HEAD -> check.head(arrived) && afterHead();
                        case COUNTED -> body(arrived) && end();
                        case CHUNK_SIZE -> line(arrived) && size();
                        case CHUNK -> body(arrived) && next(Phase.CHUNK_END);
                        case CHUNK_END -> line(arrived) && next(Phase.CHUNK_SIZE);
                        case TRAILER -> line(arrived) && afterTrailerLine();
                        case TO_THE_END -> {
                            check.body(arrived);
                            yield false;
                        }
                    };
            if (complete) {
                if (arrived.hasRemaining()) {
                    throw new WrongAnswerException(
                            arrived.remaining() + " bytes came after the answer");
                }
                return true;
            }
        }
        return false;
    }

    private boolean afterHead() throws WrongAnswerException {
        // "HTTP/1.1 200"
        int status = check.headLength() < 12 ? 0 : Integer.parseInt(check.text(9, 12));
        check.status(status, expected);
        String length = check.header("content-length:");
        if (!length.isEmpty()) {
            left = Long.parseLong(length);
            phase = Phase.COUNTED;
            return left == 0 && end();
        }
        phase =
                check.header("transfer-encoding:").equalsIgnoreCase("chunked")
                        ? Phase.CHUNK_SIZE
                        : Phase.TO_THE_END;
        return (status == 204 || status == 304) && end();
    }

    private boolean body(ByteBuffer arrived) throws WrongAnswerException {
        int count = (int) Math.min(left, arrived.remaining());
        int limit = arrived.limit();
        arrived.limit(arrived.position() + count);
        check.body(arrived);
        arrived.limit(limit);
        left -= count;
        return left == 0;
    }

    private boolean size() throws WrongAnswerException {
        left = Long.parseLong(line.toString().split(";", 2)[0].strip(), 16);
        line.setLength(0);
        phase = left == 0 ? Phase.TRAILER : Phase.CHUNK;
        return false;
    }

    private boolean afterTrailerLine() throws WrongAnswerException {
        boolean blank = line.isEmpty();
        line.setLength(0);
        return blank && end();
    }

    private boolean next(Phase following) {
        line.setLength(0);
        phase = following;
        return false;
    }

    private boolean line(ByteBuffer arrived) {
        while (arrived.hasRemaining()) {
            char next = (char) arrived.get();
            if (next == '\n') {
                return true;
            }
            if (next != '\r') {
                line.append(next);
            }
        }
        return false;
    }

    private boolean end() throws WrongAnswerException {
        check.end();
        return true;
    }

    @Override
    public boolean closed() throws WrongAnswerException {
        if (phase != Phase.TO_THE_END) {
            throw new WrongAnswerException("the connection closed in the phase " + phase);
        }
        return end();
    }
}
