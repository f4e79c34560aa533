package dev.kestrel.internal.hpack;

/**
 * Strings in the Huffman code of RFC 7541 section 5.2.
 *
 * <p>Decoding is an automaton: a state is an inner node of the code's tree, a step takes four bits.
 * No code is shorter than five bits, so a step ends at most one symbol.
 */
public final class Huffman {

    /** The fewest bits of a code: what {@link #maxDecodedLength} stands on. */
    private static final int SHORTEST = 5;

    private static final int FAIL = 1 << 31;
    private static final int EMITS = 1 << 16;
    private static final int INNER_NODES = 256;

    /** By state and nibble: the next state above bit 20, {@link #EMITS}, the symbol; or FAIL. */
    private static final int[] STEPS = new int[INNER_NODES * 16];

    /** Whether a string may end in a state: fewer than eight bits, all ones. */
    private static final boolean[] ENDS = new boolean[INNER_NODES];

    static {
        buildAutomaton();
    }

    private Huffman() {}

    /** The most octets that so many coded octets can mean. */
    public static long maxDecodedLength(int coded) {
        return coded * 8L / SHORTEST;
    }

    /**
     * Decodes a string.
     *
     * @param out takes the octets, from its beginning; at least {@link #maxDecodedLength} long, or
     *     {@code limit} when that is less
     * @param limit the most octets
     * @return how many octets were decoded
     * @throws HPackException when there would be more, or the code is not one
     */
    public static int decode(byte[] array, int from, int to, byte[] out, int limit)
            throws HPackException {
        int state = 0;
        int length = 0;
        for (int i = from; i < to; i++) {
            int octet = array[i] & 0xff;
            int step = STEPS[state | octet >>> 4];
            if ((step & EMITS) != 0) {
                if (length == limit) {
                    throw HPackException.Reason.STRING_TOO_LONG.exception();
                }
                out[length++] = (byte) step;
            }
            if (step < 0) {
                throw HPackException.Reason.INVALID_HUFFMAN.exception();
            }
            step = STEPS[step >>> 17 | octet & 0xf];
            if ((step & EMITS) != 0) {
                if (length == limit) {
                    throw HPackException.Reason.STRING_TOO_LONG.exception();
                }
                out[length++] = (byte) step;
            }
            if (step < 0) {
                throw HPackException.Reason.INVALID_HUFFMAN.exception();
            }
            state = step >>> 17;
        }
        if (!ENDS[state >>> 4]) {
            throw HPackException.Reason.INVALID_HUFFMAN.exception();
        }
        return length;
    }

    /**
     * How many octets {@link #encode} writes.
     *
     * @param text one character an octet
     * @throws IllegalArgumentException when a character is no octet
     */
    public static int encodedLength(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            char octet = text.charAt(i);
            if (octet > 0xff) {
                throw new IllegalArgumentException("A header field has a character over 255");
            }
            bits += HuffmanCode.length(octet);
        }
        return Math.toIntExact((bits + 7) / 8);
    }

    /**
     * Writes a string; there must be room for {@link #encodedLength}.
     *
     * @param text one character an octet
     * @return where the next octet goes
     */
    public static int encode(String text, byte[] array, int at) {
        int next = at;
        long pending = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int symbol = text.charAt(i);
            int length = HuffmanCode.length(symbol);
            pending = pending << length | HuffmanCode.code(symbol);
            bits += length;
            while (bits >= 8) {
                bits -= 8;
                array[next++] = (byte) (pending >>> bits);
            }
        }
        if (bits > 0) {
            // RFC 7541 section 5.2: padded with the most significant bits of EOS, which are ones.
            array[next++] = (byte) (pending << 8 - bits | 0xff >>> bits);
        }
        return next;
    }

    /** Makes the tree of the code, and of each inner node and nibble a step. */
    private static void buildAutomaton() {
        // A child is an inner node, ~symbol for a leaf, or 0 while the tree is built.
        int[][] children = new int[INNER_NODES][2];
        int nodes = 1;
        for (int symbol = 0; symbol <= HuffmanCode.EOS; symbol++) {
            int node = 0;
            for (int bit = HuffmanCode.length(symbol) - 1; bit > 0; bit--) {
                int branch = HuffmanCode.code(symbol) >>> bit & 1;
                if (children[node][branch] == 0) {
                    children[node][branch] = nodes++;
                }
                node = children[node][branch];
            }
            children[node][HuffmanCode.code(symbol) & 1] = ~symbol;
        }
        for (int node = 0; node < INNER_NODES; node++) {
            for (int nibble = 0; nibble < 16; nibble++) {
                STEPS[node << 4 | nibble] = step(children, node, nibble);
            }
        }
        int node = 0;
        for (int ones = 0; ones < 8; ones++) {
            ENDS[node] = true;
            node = children[node][1];
        }
    }

    private static int step(int[][] children, int from, int nibble) {
        int node = from;
        int emitted = 0;
        for (int bit = 3; bit >= 0; bit--) {
            int child = children[node][nibble >>> bit & 1];
            if (child == ~HuffmanCode.EOS) {
                return FAIL;
            }
            if (child < 0) {
                emitted = EMITS | ~child;
                node = 0;
            } else {
                node = child;
            }
        }
        // The state is kept times sixteen, ready to be joined with the next nibble.
        return node << 21 | emitted;
    }
}
