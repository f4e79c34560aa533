/** The {@code kestrel} command. */
module dev.kestrel.cli {
    requires static org.jspecify;
    requires dev.kestrel.app;
    requires info.picocli;
    requires java.logging;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;

    exports dev.kestrel.cli;

    uses dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;

    // picocli sets the fields that carry its annotations.
    opens dev.kestrel.cli to
            info.picocli;
}
