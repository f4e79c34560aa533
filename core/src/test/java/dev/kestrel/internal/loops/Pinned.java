package dev.kestrel.internal.loops;

import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Runs something below a native frame, as a callback of a library does: a thread that waits there
 * can not leave its carrier. The frame is the JVM's own, that of a class being initialized. A class
 * is that once, so each call has one of its own.
 */
final class Pinned {

    private Pinned() {}

    static void run(Runnable task) {
        try {
            MethodHandles.lookup().defineHiddenClassWithClassData(code(), task, true);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] code() {
        String file = Initializer.class.getSimpleName() + ".class";
        try (InputStream in = Pinned.class.getResourceAsStream("Pinned$" + file)) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never initialized itself, but for the classes that are made from its code. */
    private static final class Initializer {
        static {
            try {
                MethodHandles.classData(
                                MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, Runnable.class)
                        .run();
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
