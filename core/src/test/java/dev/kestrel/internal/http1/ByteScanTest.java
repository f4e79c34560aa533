package dev.kestrel.internal.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** Eight bytes at a time find what one byte at a time finds. */
class ByteScanTest {

    @Test
    void findsEveryByteAtEveryPlace() {
        for (int length = 0; length < 20; length++) {
            for (int at = 0; at < length; at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] bytes = new byte[length + 2];
                    java.util.Arrays.fill(bytes, (byte) 'x');
                    bytes[at + 1] = (byte) value;
                    int plain = value >= 0x20 && value <= 0x7e ? length + 1 : at + 1;
                    assertThat(ByteScan.endOfPlainText(bytes, 1, length + 1)).isEqualTo(plain);
                    int found = value == 'x' ? 1 : at + 1;
                    assertThat(ByteScan.indexOf(bytes, 1, length + 1, (byte) value))
                            .isEqualTo(found);
                }
            }
        }
    }

    @Test
    void agreesWithALoopOnRandomBytes() {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                for (int j = 0; j < bytes.length; j++) {
                    bytes[j] &= 0x7f;
                }
            }
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            byte wanted = (byte) random.nextInt(256);
            assertThat(ByteScan.indexOf(bytes, from, bytes.length, wanted))
                    .isEqualTo(indexOf(bytes, from, wanted));
            assertThat(ByteScan.endOfPlainText(bytes, from, bytes.length))
                    .isEqualTo(endOfPlainText(bytes, from));
        }
    }

    private static int indexOf(byte[] bytes, int from, byte wanted) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int endOfPlainText(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] >= 0x20 && bytes[at] <= 0x7e) {
            at++;
        }
        return at;
    }
}
