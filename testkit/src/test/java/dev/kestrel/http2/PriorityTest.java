package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.PRIORITY_UPDATE;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The order in which responses are sent (RFC 9218). Stream 1 uses up the window of the connection,
 * so that the others are complete and wait when it opens. Each has three frames.
 */
@Timeout(30)
class PriorityTest {

    private static final int LENGTH = 40_000;

    private final Semaphore complete = new Semaphore(0);
    private final HttpHandler handler =
            ctx -> {
                boolean first = ctx.request().path().equals("/first");
                ctx.response().send(new byte[first ? 65535 : LENGTH]);
                ctx.response().complete();
                complete.release();
            };
    private final TestServer server = TestServer.startHttp2(handler);
    private final Http2Conversation client = server.connectHttp2(INITIAL_WINDOW_SIZE, 1 << 20);

    @BeforeEach
    void useUpTheWindow() throws InterruptedException {
        client.get(1, "/first").expectResponse(1).status(200);
        complete.acquire();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void get(int id, String... more) throws InterruptedException {
        client.get(id, "/", more).expectHeaders(id).status(200);
        complete.acquire();
        // The writer has seen all of it and goes on to wait.
        client.roundTrip();
    }

    /** Opens the window and tells of which streams the frames are. */
    private List<Integer> order(int streams) {
        client.windowUpdate(0, 1 << 20);
        List<Integer> order = new ArrayList<>();
        for (int left = streams * LENGTH; left > 0; ) {
            Http2ReceivedFrame frame = client.nextFrame();
            assertThat(frame.type()).isEqualTo(DATA);
            left -= frame.payload().length;
            order.add(frame.streamId());
        }
        return order;
    }

    /** Section 10: "sending higher-urgency responses before lower-urgency responses". */
    @Test
    void theMostUrgentComesFirst() throws InterruptedException {
        get(3, "priority", "u=5");
        get(5, "priority", "u=1");
        get(7);
        get(9, "priority", "u=0");
        assertThat(order(4)).containsExactly(9, 9, 9, 5, 5, 5, 7, 7, 7, 3, 3, 3);
    }

    /** Section 4.2: "one by one, in the order in which those requests were generated". */
    @Test
    void whatIsNotIncrementalComesOneByOne() throws InterruptedException {
        get(3, "priority", "u=3");
        get(5, "priority", "u=3");
        get(7, "priority", "u=3, i=?0");
        assertThat(order(3)).containsExactly(3, 3, 3, 5, 5, 5, 7, 7, 7);
    }

    /** Section 4.2: "serving requests with the same urgency concurrently might be beneficial". */
    @Test
    void whatIsIncrementalTakesTurns() throws InterruptedException {
        get(3, "priority", "i");
        get(5, "priority", "u=3,i");
        get(7, "priority", "i=?1, u=3");
        assertThat(order(3)).containsExactly(3, 5, 7, 3, 5, 7, 3, 5, 7);
    }

    @Test
    void clientsThatSayNothingShareTheConnection() throws InterruptedException {
        get(3);
        get(5);
        assertThat(order(2)).containsExactly(3, 5, 3, 5, 3, 5);
    }

    /** Section 7: "apply it once the referenced stream is opened", and it overrides the field. */
    @Test
    void priorityUpdateBeforeTheRequest() throws InterruptedException {
        client.priorityUpdate(5, "u=6").priorityUpdate(5, "u=1").expectNothingYet();
        get(3, "priority", "u=2");
        get(5, "priority", "u=7");
        assertThat(order(2)).containsExactly(5, 5, 5, 3, 3, 3);
    }

    /** Section 7: "they can be used to reprioritize a response". */
    @Test
    void priorityUpdateBehindTheRequest() throws InterruptedException {
        get(3, "priority", "u=2");
        get(5, "priority", "u=7");
        client.priorityUpdate(5, "u=0").expectNothingYet();
        assertThat(order(2)).containsExactly(5, 5, 5, 3, 3, 3);
    }

    /** Section 7: "Omitting a priority parameter is a signal to use its default value". */
    @Test
    void priorityUpdateSaysAllOfIt() throws InterruptedException {
        get(3, "priority", "u=0");
        get(5, "priority", "u=2");
        client.priorityUpdate(3, "i").expectNothingYet();
        assertThat(order(2)).containsExactly(5, 5, 5, 3, 3, 3);
    }

    /** Section 4: "an unexpected value [...] MUST be ignored", and unknown parameters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "u=8", "u=-1", "u=1.0", "u=\"1\"", "u=x", "u", "", "x=1", "\"", "u=?1", "U=0"
            })
    void whatMeansNothingIsIgnored(String value) throws InterruptedException {
        get(3);
        get(5, "priority", value);
        get(7);
        client.priorityUpdate(7, value).expectNothingYet();
        assertThat(order(3)).containsExactly(3, 5, 7, 3, 5, 7, 3, 5, 7);
    }

    /** RFC 8941 section 3.2: members of a dictionary have parameters, and the last one counts. */
    @Test
    void theFieldIsADictionary() throws InterruptedException {
        get(3, "priority", "u=2");
        get(5, "priority", "u=7, x=\"a,u=7\", u=1;q=1");
        assertThat(order(2)).containsExactly(5, 5, 5, 3, 3, 3);
    }

    /** Section 7.1: a stream identifier that is not zero, a prioritized stream that is zero. */
    @Test
    void priorityUpdateOnAStream() {
        client.frame(PRIORITY_UPDATE, 0, 3, join(ints(3), bytes("u=1")));
        client.expectConnectionError(1, PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void priorityUpdateForNoStreamOfTheClient(int id) {
        client.priorityUpdate(id, "u=1").expectConnectionError(1, PROTOCOL_ERROR);
    }

    @Test
    void priorityUpdateThatIsTooShort() {
        client.frame(PRIORITY_UPDATE, 0, 0, new byte[3]);
        client.expectConnectionError(1, FRAME_SIZE_ERROR);
    }

    /** Section 7.1: "Servers can discard frames" for streams that are closed. */
    @Test
    void priorityUpdateForAClosedStreamIsIgnored() {
        client.priorityUpdate(1, "u=1").expectNothingYet();
    }
}
