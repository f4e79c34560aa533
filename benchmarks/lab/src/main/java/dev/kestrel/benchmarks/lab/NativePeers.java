package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Servers that are no Java programs; each is there when the system has it. */
final class NativePeers {

    private NativePeers() {}

    /** An epoll loop in C, one thread, that answers fixed bytes: what nobody can be faster than. */
    static Peer floor() {
        return new Peer(
                "floor",
                false,
                EnumSet.of(Protocol.HTTP_1),
                Set.of(Payload.PLAINTEXT_PATH, Payload.JSON_PATH, Payload.BYTES_PATH),
                launch -> {
                    Path program = launch.directory().resolve("floor");
                    if (!Files.exists(program)) {
                        Path source = launch.home().resolve("src/main/c/floor.c");
                        Commands.output(
                                List.of(
                                        Commands.require("cc"),
                                        "-O2",
                                        "-o",
                                        program.toString(),
                                        source.toString()),
                                Duration.ofMinutes(2));
                    }
                    return List.of(program.toString(), Integer.toString(launch.ports().http()));
                });
    }

    /** The server of nghttp2: HTTP/2 and files alone, one port a process. */
    static Peer nghttpd() {
        return new Peer(
                "nghttpd",
                false,
                EnumSet.of(Protocol.H2C, Protocol.HTTPS_2),
                Set.of(
                        Payload.PLAINTEXT_PATH,
                        Payload.JSON_PATH,
                        Payload.BYTES_PATH,
                        Payload.ECHO_PATH),
                launch -> {
                    List<String> command = new ArrayList<>();
                    command.add(Commands.require("nghttpd"));
                    command.addAll(List.of("--echo-upload", "-a", "127.0.0.1"));
                    command.addAll(List.of("-n", Integer.toString(launch.cores())));
                    command.addAll(List.of("-d", files(launch.directory()).toString()));
                    if (launch.protocol() == Protocol.HTTPS_2) {
                        command.add(Integer.toString(launch.ports().https()));
                        command.add(launch.directory().resolve("key.pem").toString());
                        command.add(launch.directory().resolve("chain.pem").toString());
                    } else {
                        command.add("--no-tls");
                        command.add(Integer.toString(launch.ports().h2c()));
                    }
                    return command;
                });
    }

    /** nginx, which answers constants and files. */
    static Peer nginx() {
        return new Peer(
                "nginx",
                false,
                EnumSet.allOf(Protocol.class),
                Set.of(Payload.PLAINTEXT_PATH, Payload.JSON_PATH, Payload.BYTES_PATH),
                launch -> {
                    String program = Commands.require("nginx");
                    if (launch.protocol() == Protocol.HTTPS_3
                            && !Commands.output(List.of(program, "-V"), Duration.ofSeconds(10))
                                    .contains("--with-http_v3_module")) {
                        throw new AbsentException("this nginx was built without HTTP/3");
                    }
                    // One for each start: other servers of this run may be nginx, too.
                    Path prefix = Files.createTempDirectory(launch.directory(), "nginx");
                    Path configuration = prefix.resolve("nginx.conf");
                    Files.writeString(configuration, configuration(launch));
                    return List.of(
                            program,
                            "-p",
                            prefix.toString(),
                            "-c",
                            configuration.toString(),
                            "-e",
                            prefix.resolve("error.log").toString());
                });
    }

    private static String configuration(Launch launch) throws IOException {
        Path directory = launch.directory();
        Ports ports = launch.ports();
        return """
        %s
        daemon off;
        pid nginx.pid;
        worker_processes %d;
        worker_rlimit_nofile 20000;
        events { worker_connections 19000; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 1000000000;
          keepalive_timeout 300s;
          default_type application/octet-stream;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:%d backlog=4096;
            listen 127.0.0.1:%d http2 backlog=4096;
            listen 127.0.0.1:%d ssl http2 backlog=4096;
            %s
            ssl_certificate %s;
            ssl_certificate_key %s;
            root %s;
            location = /plaintext { default_type text/plain; return 200 "Hello, World!"; }
            location = /json { default_type application/json; return 200 '{"message":"Hello, World!"}'; }
          }
        }
        """
                .formatted(
                        // Otherwise its workers become a user who may not read the files.
                        System.getProperty("user.name").equals("root") ? "user root root;" : "",
                        launch.cores(),
                        ports.http(),
                        ports.h2c(),
                        ports.https(),
                        launch.protocol() == Protocol.HTTPS_3
                                ? "listen 127.0.0.1:" + ports.https() + " quic; quic_gso on;"
                                : "",
                        directory.resolve("chain.pem"),
                        directory.resolve("key.pem"),
                        files(directory));
    }

    /** The directory with the answers as files. */
    private static Path files(Path directory) throws IOException {
        Path files = directory.resolve("files");
        if (!Files.exists(files)) {
            write(files, Payload.PLAINTEXT_PATH, Payload.hello());
            write(files, Payload.JSON_PATH, Payload.message());
            write(files, Payload.ECHO_PATH, new byte[0]);
            write(files, Payload.BYTES_PATH, Payload.megabyte());
        }
        return files;
    }

    private static void write(Path files, String path, byte[] content) throws IOException {
        Path file = files.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
