package dev.kestrel.connections;

/** Lets the server ask a connection to end when it is done with what it is doing. */
public interface ConnectionLifetimeNotificationFeature {

    /**
     * Fires when the server, or {@link #requestClose()}, asks for a graceful end.
     *
     * @return the signal
     */
    Signal closeRequested();

    /** Asks for a graceful end: no new request is begun. May be called from any thread. */
    void requestClose();
}
