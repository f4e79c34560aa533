package dev.kestrel.connections;

/**
 * Lets connection middleware do something after a connection's pipeline has ended, in the reverse
 * order of adding.
 */
public interface ConnectionCompleteFeature {

    /**
     * Adds a callback.
     *
     * @param callback runs on the connection's thread; what it throws is logged
     */
    void onCompleted(Runnable callback);
}
