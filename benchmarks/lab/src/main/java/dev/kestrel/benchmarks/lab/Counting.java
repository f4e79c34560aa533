package dev.kestrel.benchmarks.lab;

import java.io.IOException;

/** Is told when a load begins to count, and when it no longer does, by the thread that runs it. */
interface Counting {

    /** For loads of which nobody measures what they cost the server. */
    Counting UNOBSERVED =
            new Counting() {
                @Override
                public void begun() {}

                @Override
                public void ended() {}
            };

    void begun() throws IOException, InterruptedException;

    void ended() throws IOException, InterruptedException;
}
