package dev.kestrel.internal.hpack;

/** The values of {@code :status}, made once. */
public final class StatusTexts {

    private static final int FIRST = 100;
    private static final String[] TEXTS = texts();

    private StatusTexts() {}

    /** The three digits of a status. */
    public static String of(int status) {
        int index = status - FIRST;
        return index >= 0 && index < TEXTS.length ? TEXTS[index] : Integer.toString(status);
    }

    private static String[] texts() {
        String[] texts = new String[500];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Integer.toString(FIRST + i);
        }
        return texts;
    }
}
