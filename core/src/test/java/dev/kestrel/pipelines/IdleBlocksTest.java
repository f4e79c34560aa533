package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** "small blocks ... left by those that rest for those that wake" */
@Timeout(30)
class IdleBlocksTest {

    private final IdleBlocks blocks = new IdleBlocks(100);

    @Test
    void whatWasLeftIsTakenEmpty() {
        MemoryBlock block = blocks.take();
        assertThat(block.capacity()).isEqualTo(100);
        block.end = 50;
        block.start = 20;
        blocks.leave(block);
        assertThat(blocks.take()).isSameAs(block);
        assertThat(block.length()).isZero();
        assertThat(block.start()).isZero();
    }

    @Test
    void nobodySharesABlock() {
        Set<MemoryBlock> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 100; i++) {
            taken.add(blocks.take());
        }
        assertThat(taken).hasSize(100);
        taken.forEach(blocks::leave);
        Set<MemoryBlock> again = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 100; i++) {
            again.add(blocks.take());
        }
        assertThat(again).hasSize(100);
        again.removeAll(taken);
        assertThat(again).as("those that found no room are gone").hasSizeBetween(1, 99);
    }

    /** "One that is asked seldom would make garbage of one with each request." */
    @Test
    void aReaderThatRestsLeavesItsBlockAndNothingOfItsBytes() throws IOException {
        MemoryPool pool = new MemoryPool(1000);
        ScriptedSource first = new ScriptedSource();
        SourcePipeReader one = new SourcePipeReader(pool, first, blocks, 1000, error -> {});
        first.feed("secret".getBytes(US_ASCII));
        ReadResult seen = one.read();
        byte[] array = seen.buffer().firstArray();
        one.advanceTo(6);
        assertThat(one.beginRest()).isTrue();
        assertThat(seen.buffer().isEmpty()).isTrue();

        ScriptedSource second = new ScriptedSource();
        SourcePipeReader other = new SourcePipeReader(pool, second, blocks, 1000, error -> {});
        second.feed("a".getBytes(US_ASCII));
        ReadResult result = other.read();
        assertThat(result.buffer().firstArray()).isSameAs(array);
        assertThat(new String(result.buffer().toByteArray(), US_ASCII)).isEqualTo("a");
        other.advanceTo(1);
    }
}
