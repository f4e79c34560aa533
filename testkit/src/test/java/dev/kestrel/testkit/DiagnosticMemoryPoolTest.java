package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.pipelines.MemoryBlock;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** The pool for tests finds what it is there to find. */
class DiagnosticMemoryPoolTest {

    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool(64);

    @Test
    void rightUseIsLeftAlone() {
        MemoryBlock block = pool.rent();
        block.array()[3] = 1;
        pool.giveBack(block);
        pool.giveBack(pool.rent());
        assertThatCode(pool::close).doesNotThrowAnyException();
    }

    @Test
    void aBlockThatIsNotReturnedIsReportedWithThePlaceOfItsRent() {
        pool.rent();
        assertThat(pool.rentedBlocks()).isEqualTo(1);
        assertThatThrownBy(pool::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 blocks were not returned")
                .hasMessageContaining("aBlockThatIsNotReturnedIsReportedWithThePlaceOfItsRent");
    }

    @Test
    void aSecondReturnThrowsAndIsRemembered() {
        MemoryBlock block = pool.rent();
        pool.giveBack(block);
        assertThatThrownBy(() -> pool.giveBack(block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("returned twice");
        assertThatThrownBy(pool::assertSound)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("returned twice");
    }

    @Test
    void aBlockOfAnotherPoolIsRefused() {
        MemoryBlock stranger = new MemoryPool(64).rent();
        assertThatThrownBy(() -> pool.giveBack(stranger))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another pool");
        assertThatThrownBy(pool::close).isInstanceOf(AssertionError.class);
    }

    @Test
    void writingAfterTheReturnIsFoundInTheEnd() {
        MemoryBlock block = pool.rent();
        pool.giveBack(block);
        block.array()[17] = 1;
        assertThatThrownBy(pool::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Byte 17")
                .hasMessageContaining("after the block was returned");
    }

    @Test
    void writingAfterTheReturnIsFoundWhenTheBlockIsRentedAgain() {
        MemoryBlock block = pool.rent();
        pool.giveBack(block);
        block.array()[0] = 1;
        pool.giveBack(pool.rent());
        assertThatThrownBy(pool::assertSound).hasMessageContaining("Byte 0");
    }

    @Test
    void memoryThatIsReadAfterTheReturnShowsThePattern() {
        MemoryBlock block = pool.rent();
        block.array()[0] = 1;
        pool.giveBack(block);
        assertThat(block.array()).containsOnly(DiagnosticMemoryPool.POISON);
    }

    @Test
    void aPipeUsesItAsAnyPool() throws IOException {
        Pipe pipe = new Pipe(pool);
        pipe.writer().write(new byte[1000]);
        pipe.writer().flush();
        pipe.reader().read();
        pipe.reader().advanceTo(500);
        pipe.writer().complete();
        pipe.reader().complete();
        assertThatCode(pool::close).doesNotThrowAnyException();
        assertThat(pool.stats().rented()).isZero();
    }
}
