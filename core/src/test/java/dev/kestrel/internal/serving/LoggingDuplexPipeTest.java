package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The hex dump of a connection, in the layout of the original. */
class LoggingDuplexPipeTest {

    private final MemoryPool pool = new MemoryPool(64);
    private final FakeConnection connection = new FakeConnection(pool);
    private final RecordingLogger log = new RecordingLogger(System.Logger.Level.DEBUG);
    private final LoggingConnectionMiddleware middleware = new LoggingConnectionMiddleware(log);

    private static String dump(String text) {
        StringBuilder lines = new StringBuilder();
        HexDump.append(lines, text.getBytes(StandardCharsets.ISO_8859_1));
        return lines.toString();
    }

    @Test
    void sixteenBytesStandInALine() {
        assertThat(dump("GET /a HTTP/1.1\r\nHost: b\r\n"))
                .isEqualTo(
                        "\n47 45 54 20 2F 61 20 48  54 54 50 2F 31 2E 31 0D   GET /a H TTP/1.1."
                                + "\n0A 48 6F 73 74 3A 20 62  0D 0A                     .Host: b ..");
    }

    @Test
    void shortLinesArePadded() {
        assertThat(dump("ab")).isEqualTo("\n61 62                                              ab");
        assertThat(dump("12345678"))
                .isEqualTo("\n31 32 33 34 35 36 37 38                            12345678");
        assertThat(dump("")).isEmpty();
    }

    @Test
    void whatIsNotAsciiIsADot() {
        assertThat(dump("\u001b[1m\u007f\u00e9")).endsWith("   .[1m..");
    }

    @Test
    void whatIsReadIsToldOnceHoweverOftenItIsSeen() throws Exception {
        connection.send("abc");
        middleware.invoke(
                connection,
                c -> {
                    PipeReader input = c.transport().input();
                    assertThat(input.read().buffer().length()).isEqualTo(3);
                    input.advanceTo(1);
                    assertThat(input.read().buffer().length()).isEqualTo(2);
                    input.advanceTo(0, 2);
                    connection.send("de");
                    assertThat(input.read().buffer().length()).isEqualTo(4);
                    input.advanceTo(4);
                    assertThat(input.tryRead()).isNull();
                });
        assertThat(log.messages).hasSize(2);
        assertThat(log.messages.get(0))
                .contains(connection.connectionId())
                .contains("Read[3]")
                .contains("61 62 63");
        assertThat(log.messages.get(1)).contains("Read[2]").contains("64 65");
        connection.close();
        connection.finish();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void whatIsWrittenIsToldWhenItIsFlushed() throws Exception {
        middleware.invoke(
                connection,
                c -> {
                    PipeWriter output = c.transport().output();
                    output.writeLatin1("x".repeat(100));
                    assertThat(output.unflushedBytes()).isEqualTo(100);
                    assertThat(log.messages).isEmpty();
                    output.flush();
                    assertThat(output.unflushedBytes()).isZero();
                    assertThat(log.messages).singleElement().asString().contains("Write[100]");
                    output.flush();
                    output.writeLatin1("end");
                    output.complete();
                });
        assertThat(log.messages).hasSize(2);
        assertThat(connection.receiveAll()).isEqualTo("x".repeat(100) + "end");
        connection.close();
        connection.toClient.reader().complete();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void whatNobodyFlushedIsDroppedInTheEnd() throws Exception {
        middleware.invoke(connection, c -> c.transport().output().writeLatin1("x".repeat(1000)));
        connection.close();
        assertThat(connection.receiveAll()).isEmpty();
        assertThat(log.messages).isEmpty();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void withoutTheLevelThePipesStayAsTheyAre() throws Exception {
        new LoggingConnectionMiddleware(new RecordingLogger(System.Logger.Level.INFO))
                .invoke(
                        connection,
                        c ->
                                assertThat(c.transport().output())
                                        .isSameAs(connection.toClient.writer()));
    }
}
