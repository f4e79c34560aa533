package dev.kestrel.conformance.h2spec;

import java.util.ArrayList;
import java.util.List;

/** The checks of one section, in their order. */
final class H2SpecSection {

    private final String title;
    private final List<H2SpecCase> cases = new ArrayList<>();

    H2SpecSection(String title) {
        this.title = title;
    }

    /** Adds a check on a connection that has exchanged its settings. */
    H2SpecSection add(String sends, H2SpecCase.Exchange exchange) {
        return add(sends, true, exchange);
    }

    /** Adds a check on a connection on which nothing was sent. */
    H2SpecSection addRaw(String sends, H2SpecCase.Exchange exchange) {
        return add(sends, false, exchange);
    }

    private H2SpecSection add(String sends, boolean handshake, H2SpecCase.Exchange exchange) {
        String name = title + " " + (cases.size() + 1) + ": " + sends;
        cases.add(new H2SpecCase(name, handshake, exchange));
        return this;
    }

    String title() {
        return title;
    }

    List<H2SpecCase> cases() {
        return cases;
    }
}
