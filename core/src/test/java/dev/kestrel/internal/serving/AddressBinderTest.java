package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.options.AnyIpEndPoint;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.LocalhostEndPoint;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which concrete addresses an endpoint means, and what happens when one can not be had. */
class AddressBinderTest {

    private static final String IN_USE = "Address already in use";
    private static final String NO_SUCH_ADDRESS = "Cannot assign requested address";

    private final List<String> asked = new ArrayList<>();
    private final List<FakeTransport.Listener> listeners = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private int nextFreePort = 50_000;

    private final AddressBinder binder = new AddressBinder(this::bindFake);

    private ConnectionListener bindFake(SocketAddress endPoint) throws IOException {
        InetSocketAddress address = (InetSocketAddress) endPoint;
        int port = address.getPort() == 0 ? nextFreePort++ : address.getPort();
        String name = address.getAddress().getHostAddress() + " " + port;
        asked.add(name);
        String failure =
                failures.getOrDefault(name, failures.get(address.getAddress().getHostAddress()));
        if (failure != null) {
            throw new BindException(name + ": " + failure);
        }
        FakeTransport.Listener listener =
                new FakeTransport.Listener(new InetSocketAddress(address.getAddress(), port));
        listeners.add(listener);
        return listener;
    }

    private List<String> bind(SocketAddress... endPoints) throws IOException {
        List<ListenOptions> options = new ArrayList<>();
        for (SocketAddress endPoint : endPoints) {
            options.add(ListenOptions.builder(endPoint).build());
        }
        return binder.bind(options).stream()
                .map(bound -> (InetSocketAddress) bound.endPoint())
                .map(address -> address.getAddress().getHostAddress() + " " + address.getPort())
                .toList();
    }

    @Test
    void localhostIsBothLoopbackAddresses() throws IOException {
        assertThat(bind(new LocalhostEndPoint(8080)))
                .containsExactly("127.0.0.1 8080", "0:0:0:0:0:0:0:1 8080");
    }

    @Test
    void localhostWithPortZeroHasTheSamePortOnBoth() throws IOException {
        assertThat(bind(new LocalhostEndPoint(0)))
                .containsExactly("127.0.0.1 50000", "0:0:0:0:0:0:0:1 50000");
    }

    @Test
    void aFreePortThatIsTakenOnTheOtherFamilyIsTriedAgain() throws IOException {
        failures.put("0:0:0:0:0:0:0:1 50000", IN_USE);
        failures.put("0:0:0:0:0:0:0:1 50001", IN_USE);
        assertThat(bind(new LocalhostEndPoint(0)))
                .containsExactly("127.0.0.1 50002", "0:0:0:0:0:0:0:1 50002");
        assertThat(listeners).filteredOn(each -> each.closed).hasSize(2);
    }

    @Test
    void theSearchForAFreePortEnds() {
        failures.put("0:0:0:0:0:0:0:1", IN_USE);
        assertThatThrownBy(() -> bind(new LocalhostEndPoint(0)))
                .isInstanceOf(AddressInUseException.class);
        assertThat(asked).hasSize(20);
        assertThat(listeners).allMatch(each -> each.closed);
    }

    @Test
    void localhostWorksWithoutIpv6() throws IOException {
        failures.put("0:0:0:0:0:0:0:1", NO_SUCH_ADDRESS);
        assertThat(bind(new LocalhostEndPoint(8080))).containsExactly("127.0.0.1 8080");
    }

    @Test
    void localhostWorksWithoutIpv4() throws IOException {
        failures.put("127.0.0.1", NO_SUCH_ADDRESS);
        assertThat(bind(new LocalhostEndPoint(8080))).containsExactly("0:0:0:0:0:0:0:1 8080");
    }

    @Test
    void localhostWithoutEitherFamilyIsAnError() {
        failures.put("127.0.0.1", NO_SUCH_ADDRESS);
        failures.put("0:0:0:0:0:0:0:1", NO_SUCH_ADDRESS);
        assertThatThrownBy(() -> bind(new LocalhostEndPoint(8080)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("localhost:8080");
    }

    @Test
    void localhostInUseOnEitherFamilyFailsAtOnce() {
        failures.put("0:0:0:0:0:0:0:1 8080", IN_USE);
        assertThatThrownBy(() -> bind(new LocalhostEndPoint(8080)))
                .isInstanceOf(AddressInUseException.class)
                .hasMessageContaining("8080");
        assertThat(listeners).singleElement().matches(each -> each.closed);

        failures.clear();
        asked.clear();
        failures.put("127.0.0.1 8080", IN_USE);
        assertThatThrownBy(() -> bind(new LocalhostEndPoint(8080)))
                .isInstanceOf(AddressInUseException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anyIpIsTheIpv6WildcardWhichTakesBothFamilies() throws IOException {
        assertThat(bind(new AnyIpEndPoint(80))).containsExactly("0:0:0:0:0:0:0:0 80");
    }

    @Test
    void anyIpFallsBackToIpv4() throws IOException {
        failures.put("0:0:0:0:0:0:0:0", "Protocol family unavailable");
        assertThat(bind(new AnyIpEndPoint(80))).containsExactly("0.0.0.0 80");
    }

    @Test
    void anyIpDoesNotFallBackWhenTheAddressIsInUse() {
        failures.put("0:0:0:0:0:0:0:0", IN_USE);
        assertThatThrownBy(() -> bind(new AnyIpEndPoint(80)))
                .isInstanceOf(AddressInUseException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void allEndPointsAreBoundInOrderOrNone() throws IOException {
        assertThat(bind(new InetSocketAddress("192.0.2.1", 1), new LocalhostEndPoint(2)))
                .containsExactly("192.0.2.1 1", "127.0.0.1 2", "0:0:0:0:0:0:0:1 2");
        listeners.clear();
        failures.put("192.0.2.9 9", "Permission denied");
        assertThatThrownBy(
                        () ->
                                bind(
                                        new InetSocketAddress("192.0.2.1", 1),
                                        new LocalhostEndPoint(2),
                                        new InetSocketAddress("192.0.2.9", 9)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.9");
        assertThat(listeners).hasSize(3).allMatch(each -> each.closed);
    }

    private final List<String> multiplexed = new ArrayList<>();

    private List<BoundEndPoint> bindHttp3(SocketAddress endPoint, HttpVersion... versions)
            throws IOException {
        AddressBinder.Binder both =
                new AddressBinder.Binder() {
                    @Override
                    public ConnectionListener bind(SocketAddress where) throws IOException {
                        return bindFake(where);
                    }

                    @Override
                    public MultiplexedConnectionListener bindMultiplexed(
                            SocketAddress where, ListenOptions options) throws IOException {
                        InetSocketAddress address = (InetSocketAddress) where;
                        int port = address.getPort() == 0 ? nextFreePort++ : address.getPort();
                        String name = address.getAddress().getHostAddress() + " udp " + port;
                        if (failures.containsKey(name)) {
                            throw new BindException(name + ": " + failures.get(name));
                        }
                        multiplexed.add(name);
                        return new FakeMultiplexedListener(
                                new InetSocketAddress(address.getAddress(), port));
                    }
                };
        ListenOptions options =
                ListenOptions.builder(endPoint).protocols(HttpVersion.HTTP_3, versions).build();
        return new AddressBinder(both).bind(List.of(options));
    }

    private record FakeMultiplexedListener(SocketAddress endPoint)
            implements MultiplexedConnectionListener {
        @Override
        public @Nullable MultiplexedConnectionContext accept() {
            return null;
        }

        @Override
        public void unbind() {}

        @Override
        public void close() {}
    }

    @Test
    void http3HasTheNumberThatTheSystemChoseForTcpOnBothFamilies() throws IOException {
        List<BoundEndPoint> bound = bindHttp3(new LocalhostEndPoint(0), HttpVersion.HTTP_1_1);
        assertThat(multiplexed).containsExactly("127.0.0.1 udp 50000", "0:0:0:0:0:0:0:1 udp 50000");
        assertThat(bound).hasSize(2).allMatch(each -> each.listener() != null);
        assertThat(bound.getFirst().alternativeService()).isEqualTo("h3=\":50000\"; ma=86400");
    }

    @Test
    void aNumberThatIsTakenForUdpIsTriedAgainWithAnotherPair() throws IOException {
        failures.put("127.0.0.1 udp 50000", IN_USE);
        failures.put("0:0:0:0:0:0:0:1 udp 50001", IN_USE);
        bindHttp3(new LocalhostEndPoint(0), HttpVersion.HTTP_1_1);
        assertThat(multiplexed).endsWith("127.0.0.1 udp 50002", "0:0:0:0:0:0:0:1 udp 50002");
        assertThat(listeners).filteredOn(each -> each.closed).hasSize(3);
    }

    @Test
    void aFreePortOfOneAddressIsTriedAgainToo() throws IOException {
        failures.put("192.0.2.1 udp 50000", IN_USE);
        bindHttp3(new InetSocketAddress("192.0.2.1", 0), HttpVersion.HTTP_1_1);
        assertThat(multiplexed).containsExactly("192.0.2.1 udp 50001");
    }

    @Test
    void aPortThatWasAskedForIsNotGivenUp() {
        failures.put("192.0.2.1 udp 443", IN_USE);
        assertThatThrownBy(
                        () ->
                                bindHttp3(
                                        new InetSocketAddress("192.0.2.1", 443),
                                        HttpVersion.HTTP_1_1))
                .isInstanceOf(AddressInUseException.class)
                .hasMessageContaining("udp 443");
        assertThat(listeners).singleElement().matches(each -> each.closed);
    }

    @Test
    void http3AloneListensToNoSockets() throws IOException {
        List<BoundEndPoint> bound = bindHttp3(new LocalhostEndPoint(0));
        assertThat(asked).isEmpty();
        assertThat(multiplexed).containsExactly("127.0.0.1 udp 50000", "0:0:0:0:0:0:0:1 udp 50000");
        assertThat(bound.getFirst().endPoint())
                .isEqualTo(new InetSocketAddress("127.0.0.1", 50000));
    }
}
