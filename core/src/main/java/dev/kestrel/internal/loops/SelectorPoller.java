package dev.kestrel.internal.loops;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** Looks at sockets with a selector of the JDK. */
final class SelectorPoller implements Poller {

    private final Selector selector;
    private final Consumer<SelectionKey> onReady;

    SelectorPoller(Selector selector, Consumer<SelectionKey> onReady) {
        this.selector = selector;
        this.onReady = onReady;
    }

    Selector selector() {
        return selector;
    }

    @Override
    public void poll(long millis) throws IOException {
        if (millis != NO_WAIT) {
            selector.select(onReady, millis == FOR_EVER ? 0 : millis);
        } else {
            selector.selectNow(onReady);
        }
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
