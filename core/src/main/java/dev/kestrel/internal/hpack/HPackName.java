package dev.kestrel.internal.hpack;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.KnownHeader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The name of a field with what follows from it, found out once. There is one object for each name
 * of the static table and each known header; others are made as they come.
 */
public final class HPackName {

    private static final HPackName[] STATIC = new HPackName[HPackStaticTable.SIZE];
    private static final HPackName[] KNOWN = new HPackName[KnownHeader.values().length];
    private static final Map<String, HPackName> SHARED = shared();

    private final String text;
    private final @Nullable KnownHeader known;
    private final int staticIndex;
    private final boolean wellFormed;

    private HPackName(String text, @Nullable KnownHeader known, int staticIndex) {
        this.text = text;
        this.known = known;
        this.staticIndex = staticIndex;
        this.wellFormed = isWellFormed(text);
    }

    /**
     * The name of a text, as it is: nothing is changed to lower case.
     *
     * @param text one character an octet
     */
    public static HPackName of(String text) {
        HPackName shared = SHARED.get(text);
        return shared != null ? shared : new HPackName(text, KnownHeader.find(text), 0);
    }

    /** The name that octets spell, as they are; a known one is an existing object. */
    public static HPackName of(byte[] octets, int from, int to) {
        KnownHeader known = KnownHeader.find(octets, from, to);
        if (known != null) {
            HPackName name = of(known);
            if (name.isText(octets, from)) {
                return name;
            }
        }
        return of(new String(octets, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /** The name of a known header, in lower case. */
    public static HPackName of(KnownHeader header) {
        return KNOWN[header.ordinal()];
    }

    /**
     * The name of an entry of the static table.
     *
     * @param index from 1 to 61
     */
    static HPackName ofStatic(int index) {
        return STATIC[index - 1];
    }

    /** The name as it is in the block. */
    public String text() {
        return text;
    }

    /** Which known header it is, also when its case is wrong; {@code null} for another name. */
    public @Nullable KnownHeader known() {
        return known;
    }

    /** Whether it begins with a colon (RFC 9113 section 8.3). */
    public boolean isPseudo() {
        return text.charAt(0) == ':';
    }

    /**
     * Whether it is a token without upper case, perhaps behind a colon (RFC 9113 section 8.2.1).
     */
    public boolean isWellFormed() {
        return wellFormed;
    }

    /** The first static entry with this name, or zero. */
    int staticIndex() {
        return staticIndex;
    }

    @Override
    public String toString() {
        return text;
    }

    private boolean isText(byte[] octets, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (octets[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWellFormed(String text) {
        int start = text.startsWith(":") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!FieldSyntax.isTokenCharacter(c) || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return text.length() > start;
    }

    private static Map<String, HPackName> shared() {
        Map<String, HPackName> shared = new HashMap<>();
        for (int i = 1; i <= HPackStaticTable.SIZE; i++) {
            int index = i;
            STATIC[i - 1] =
                    shared.computeIfAbsent(
                            HPackStaticTable.nameText(i),
                            text -> new HPackName(text, KnownHeader.find(text), index));
        }
        for (KnownHeader header : KnownHeader.values()) {
            String name = header.wireName().toLowerCase(Locale.ROOT);
            KNOWN[header.ordinal()] =
                    shared.computeIfAbsent(name, text -> new HPackName(text, header, 0));
        }
        return Map.copyOf(shared);
    }
}
