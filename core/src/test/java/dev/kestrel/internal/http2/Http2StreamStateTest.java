package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

class Http2StreamStateTest {

    /** What happens to a stream, in any order. */
    private enum Event {
        END_RECEIVED(Http2StreamState::endReceived),
        RESET_RECEIVED(Http2StreamState::resetReceived),
        RESET_SENT(Http2StreamState::resetSent),
        END_SENT(state -> state.outputEnded(true)),
        OUTPUT_DROPPED(state -> state.outputEnded(false)),
        APPLICATION_RETURNED(Http2StreamState::applicationReturned),
        DRAINED(Http2StreamState::drained);

        private final Consumer<Http2StreamState> action;

        Event(Consumer<Http2StreamState> action) {
            this.action = action;
        }
    }

    private static final class Told implements Http2StreamState.Listener {
        private final List<String> events = new ArrayList<>();

        @Override
        public void streamClosed() {
            events.add("closed");
        }

        @Override
        public void streamServed() {
            events.add("served");
        }

        @Override
        public void streamFinished() {
            events.add("finished");
        }
    }

    /** Every sequence of up to five events tells each thing once, and exactly when it is true. */
    @Test
    void eachThingIsToldOnceWhenItBecomesTrue() {
        extend(new ArrayList<>());
    }

    private void extend(List<Event> events) {
        check(events);
        if (events.size() == 5) {
            return;
        }
        for (Event event : Event.values()) {
            events.add(event);
            extend(events);
            events.removeLast();
        }
    }

    private static void check(List<Event> events) {
        Told told = new Told();
        Http2StreamState state = new Http2StreamState(told);
        state.open();
        for (Event event : events) {
            event.action.accept(state);
        }
        // A reset of this side comes too late when the client was first.
        int peerReset = events.indexOf(Event.RESET_RECEIVED);
        int ownReset = events.indexOf(Event.RESET_SENT);
        boolean resetSent = ownReset >= 0 && (peerReset < 0 || ownReset < peerReset);
        boolean reset = peerReset >= 0 || resetSent;
        boolean endReceived = events.contains(Event.END_RECEIVED);
        boolean endSent = events.contains(Event.END_SENT);
        boolean closed = reset || (endReceived && endSent);
        boolean served =
                (endSent || events.contains(Event.OUTPUT_DROPPED))
                        && events.contains(Event.APPLICATION_RETURNED);
        boolean inputOver = endReceived || peerReset >= 0 || events.contains(Event.DRAINED);
        boolean finished = served && inputOver;

        List<String> expected = new ArrayList<>();
        if (closed) {
            expected.add("closed");
        }
        if (served) {
            expected.add("served");
        }
        if (finished) {
            expected.add("finished");
        }
        assertThat(told.events).as("%s", events).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(state.isClosed()).isEqualTo(closed);
        assertThat(state.isReset()).isEqualTo(reset);
        assertThat(state.isResetSent()).isEqualTo(resetSent);
        assertThat(state.isInputEnded()).isEqualTo(endReceived);
        assertThat(state.isEndSent()).isEqualTo(endSent);
        assertThat(state.isDraining()).isEqualTo(served && !finished);
    }

    /** A connection that waits for its last stream then takes back the memory of all of them. */
    @Test
    void whoeverIsToldThatTheLastStreamWasServedFindsItFinished() {
        Told told = new Told();
        Http2StreamState state = new Http2StreamState(told);
        state.open();
        state.resetReceived();
        state.outputEnded(false);
        state.applicationReturned();
        assertThat(told.events).containsExactly("closed", "finished", "served");
    }

    @Test
    void onlyTheFirstResetOfEitherSideCounts() {
        Http2StreamState state = new Http2StreamState(new Told());
        state.open();
        assertThat(state.resetSent()).isTrue();
        assertThat(state.resetSent()).isFalse();
        assertThat(state.resetReceived()).as("the client may reset, too").isTrue();
        assertThat(state.resetReceived()).isFalse();
    }

    @Test
    void aRefusedStreamIsThereOnlyForItsLateFrames() {
        Told told = new Told();
        Http2StreamState state = new Http2StreamState(told);
        state.refused();
        assertThat(state.isDraining()).isTrue();
        assertThat(state.isResetSent()).isTrue();
        state.endReceived();
        assertThat(told.events).containsExactly("finished");
    }

    @Test
    void theNamesAreThoseOfTheRfc() {
        Http2StreamState state = new Http2StreamState(new Told());
        state.open();
        assertThat(state).hasToString("open");
        state.endReceived();
        assertThat(state).hasToString("half-closed (remote)");
        state.outputEnded(true);
        assertThat(state).hasToString("closed");
        state.open();
        state.outputEnded(true);
        assertThat(state).hasToString("half-closed (local)");
    }
}
