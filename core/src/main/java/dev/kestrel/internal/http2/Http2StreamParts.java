package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.HttpConnectionContext;

/**
 * What the streams of a connection share.
 *
 * @param context what the connection was given
 * @param streams where they are counted
 * @param writer the way out
 * @param connectionInput the connection's window for what the client sends
 * @param windowUpdates how windows are opened again
 * @param guards what the connection may ask
 * @param initialStreamWindow the window of each stream for what the client sends
 */
record Http2StreamParts(
        HttpConnectionContext context,
        Http2Streams streams,
        Http2FrameWriter writer,
        InputFlowControl connectionInput,
        WindowUpdates windowUpdates,
        Http2Guards guards,
        int initialStreamWindow) {}
