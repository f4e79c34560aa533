package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Callbacks that run once, the last registered first. Costs nothing while there are none. */
final class CallbackStack {

    private @Nullable List<HttpResponse.Callback> callbacks;

    void push(HttpResponse.Callback callback) {
        if (callbacks == null) {
            callbacks = new ArrayList<>(2);
        }
        callbacks.add(callback);
    }

    boolean isEmpty() {
        return callbacks == null || callbacks.isEmpty();
    }

    /** Takes the next one off, or {@code null}. A callback may push further ones. */
    HttpResponse.@Nullable Callback pop() {
        return callbacks == null || callbacks.isEmpty() ? null : callbacks.removeLast();
    }

    void clear() {
        if (callbacks != null) {
            callbacks.clear();
        }
    }
}
