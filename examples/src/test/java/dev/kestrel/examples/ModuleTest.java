package dev.kestrel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.app.WebApplication;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

/** What a program needs that is a module itself. */
class ModuleTest {

    /** The core has no dependencies, so no other module is on the path. */
    @Test
    void twoModulesAreEnough(@TempDir Path directory) throws Exception {
        Path module =
                Files.writeString(
                        directory.resolve("module-info.java"),
                        "module hello { requires dev.kestrel.app; }");
        Path program =
                Files.writeString(
                        directory.resolve("Hello.java"),
                        """
                        package hello;

                        import dev.kestrel.app.WebApplication;

                        public final class Hello {
                            public static void main(String... args) throws Exception {
                                WebApplication app = WebApplication.create();
                                app.run(ctx -> ctx.response().send(ctx.request().protocol()));
                                app.listen(8080).runUntilStopped();
                            }
                        }
                        """);
        StringWriter said = new StringWriter();
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int code =
                javac.run(
                        new PrintWriter(said, true),
                        new PrintWriter(said, true),
                        "-Xlint:all",
                        "-Werror",
                        "-d",
                        directory.resolve("out").toString(),
                        "--module-path",
                        home(WebApplication.class) + File.pathSeparator + home(KestrelServer.class),
                        module.toString(),
                        program.toString());
        assertThat(said.toString()).isEmpty();
        assertThat(code).isZero();
    }

    private static Path home(Class<?> type) {
        return Path.of(
                URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
