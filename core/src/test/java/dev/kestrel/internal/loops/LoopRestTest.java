package dev.kestrel.internal.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Who waits for a channel without a thread. */
@Timeout(60)
class LoopRestTest {

    private final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    private LoopPlace loop;
    private Readiness place;

    @BeforeEach
    void start() throws IOException {
        loop = new LoopPlace(1);
        place = loop.place;
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
    }

    /** What runs when there is input: reads, and rests again. */
    private void goOn() {
        threads.add(Thread.currentThread());
        int count;
        try {
            place.beforeRead();
            count = loop.pipe.source().read(ByteBuffer.allocate(8));
        } catch (IOException e) {
            count = -2;
        }
        read.add(count);
        if (count >= 0) {
            place.rest(this::goOn);
        }
    }

    /** "starts another one when there is input" */
    @Test
    void eachInputHasAThreadOfItsOwn() throws Exception {
        place.rest(this::goOn);
        for (int i = 1; i <= 3; i++) {
            loop.send(i);
            assertThat(read.take()).isEqualTo(i);
        }
        assertThat(threads).hasSize(3).doesNotHaveDuplicates().allMatch(Thread::isVirtual);
    }

    /** "gives the connection to the transport": what is there already is input, too. */
    @Test
    void whatWasThereBeforeIsNotMissed() throws Exception {
        loop.send(12);
        place.rest(this::goOn);
        assertThat(read.take()).isEqualTo(8);
        assertThat(read.take()).isEqualTo(4);
    }

    /** "or the connection has ended" */
    @Test
    void theEndOfTheChannelIsInput() throws Exception {
        place.rest(this::goOn);
        loop.pipe.sink().close();
        assertThat(read.take()).isEqualTo(-1);
    }

    /** "or the connection has ended", by this side. */
    @Test
    void closingTheChannelEndsARest() throws Exception {
        place.rest(this::goOn);
        place.close();
        assertThat(read.take()).isEqualTo(-2);
    }

    /** A channel that was closed before has nobody left who would tell. */
    @Test
    void aChannelThatIsClosedAlreadyIsNotWaitedFor() throws Exception {
        Thread closing = place.newThread(place::close);
        closing.start();
        closing.join();
        place.rest(this::goOn);
        assertThat(read.take()).isEqualTo(-2);
    }

    /** "they cancel the read that is not there": whoever rests is to look. */
    @Test
    void wakingEndsARest() throws Exception {
        place.rest(this::goOn);
        place.wake();
        assertThat(read.take()).isZero();
        loop.send(3);
        assertThat(read.take()).isEqualTo(3);
    }

    /** A thread that waits is woken in the same way, once. */
    @Test
    void wakingEndsAWait() throws Exception {
        Thread waiting =
                place.newThread(
                        () -> {
                            try {
                                place.awaitReadable();
                                read.add(0);
                            } catch (IOException e) {
                                read.add(-2);
                            }
                        });
        waiting.start();
        place.wake();
        assertThat(read.take()).isZero();
        waiting.join();
    }
}
