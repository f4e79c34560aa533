package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

class HPackIntegersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPrefixKeepsEveryNumber(int bits) throws HPackException {
        for (int shift = 0; shift < 31; shift++) {
            for (int near = -2; near <= 2; near++) {
                int value = Math.max(0, (1 << shift) + near);
                assertKeeps(value, bits);
                assertKeeps(Math.max(0, value + (1 << bits) - 1), bits);
            }
        }
        assertKeeps(Integer.MAX_VALUE, bits);
    }

    private static void assertKeeps(int value, int bits) throws HPackException {
        byte[] array = new byte[8];
        int end = HPackIntegers.encode(value, bits, 0, array, 1);
        assertThat(end - 1).isEqualTo(HPackIntegers.length(value, bits));
        long decoded = HPackIntegers.decode(array, 1, end, bits);
        assertThat(HPackIntegers.value(decoded)).isEqualTo(value);
        assertThat(HPackIntegers.next(decoded)).isEqualTo(end);
        for (int cut = 2; cut < end; cut++) {
            assertThat(HPackIntegers.decode(array, 1, cut, bits))
                    .isEqualTo(HPackIntegers.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f 81 ff ff ff 07", // 2^31
                "7f 80 80 80 80 7f",
                "7f ff ff ff ff ff",
                "7f 80 80 80 80 80",
                "7f 80 80 80 80 80 00",
                "7f ff ff ff ff ff ff ff ff ff ff 7f",
            })
    void whatIsTooLargeOrTooLongIsRefused(String hex) {
        // RFC 7541 section 5.1: "Integer encodings that exceed implementation limits -- in value or
        // octet length -- MUST be treated as decoding errors."
        byte[] array = hex(hex);
        assertThatThrownBy(() -> HPackIntegers.decode(array, 0, array.length, 7))
                .isInstanceOfSatisfying(
                        HPackException.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(HPackException.Reason.INTEGER_TOO_LARGE));
    }

    @Test
    void theLargestIsTwoToTheThirtyFirstLessOne() throws HPackException {
        byte[] array = hex("7f 80 ff ff ff 07");
        assertThat(HPackIntegers.value(HPackIntegers.decode(array, 0, 6, 7)))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void zerosThatMeanNothingAreReadUpToFiveOctets() throws HPackException {
        byte[] array = hex("7f 80 80 80 80 00");
        assertThat(HPackIntegers.value(HPackIntegers.decode(array, 0, 6, 7))).isEqualTo(127);
        assertThat(HPackIntegers.decode(Arrays.copyOf(array, 5), 0, 5, 7))
                .isEqualTo(HPackIntegers.INCOMPLETE);
    }
}
