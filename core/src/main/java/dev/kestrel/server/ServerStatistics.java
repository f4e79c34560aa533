package dev.kestrel.server;

import dev.kestrel.pipelines.MemoryPool;

import java.util.Map;

/**
 * What a server has done so far and holds now, as of about the moment it was asked. The counts are
 * taken one after another while the server works, so they need not fit each other exactly.
 *
 * @param openConnections connections that are open now
 * @param acceptedConnections connections accepted since the start
 * @param rejectedConnections connections refused because of {@code limits.maxConcurrentConnections}
 * @param rejectedProxyHeaders connections refused because of their PROXY header, or for lack of one
 * @param tlsHandshakes handshakes that have come to their end
 * @param failedTlsHandshakes handshakes that have failed, and connections to endpoints of HTTPS
 *     that did not begin one
 * @param currentTlsHandshakes handshakes that go on now
 * @param requests requests whose head was accepted
 * @param badRequests requests refused for what the client sent
 * @param applicationErrors requests that the application failed
 * @param upgradedConnections connections that have left HTTP and are open now
 * @param guardRejections how often each guard against abuse refused a stream or ended a connection,
 *     by the guard's name ({@code streamResets}, {@code controlFrames}, {@code liveHeaderBytes},
 *     ...); SECURITY.md explains them. All guards are there, also those with 0
 * @param memoryPool the gauges of the server's memory
 */
public record ServerStatistics(
        int openConnections,
        long acceptedConnections,
        long rejectedConnections,
        long rejectedProxyHeaders,
        long tlsHandshakes,
        long failedTlsHandshakes,
        long currentTlsHandshakes,
        long requests,
        long badRequests,
        long applicationErrors,
        long upgradedConnections,
        Map<String, Long> guardRejections,
        MemoryPool.Stats memoryPool) {}
