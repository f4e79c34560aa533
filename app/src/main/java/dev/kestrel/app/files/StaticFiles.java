package dev.kestrel.app.files;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMiddleware;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Serves the files of a directory: types, validators and conditional requests, ranges, index files
 * and, when asked for, lists of directories.
 *
 * <p>As middleware ({@code app.use(files)}) it answers {@code GET} and {@code HEAD} of what exists
 * and passes on all else. As a handler ({@code app.run(files)}) it answers 404 for what does not
 * exist and 405 for other methods. What leads out of the root does not exist, whether by {@code
 * ..}, a symbolic link or an encoding of them; nor do hidden files, pipes and devices.
 *
 * <p>Safe for all requests at once.
 */
public final class StaticFiles implements HttpMiddleware, HttpHandler {

    private static final String ALLOW = "GET, HEAD, OPTIONS";

    private final StaticFileOptions options;
    private final FileLocator locator;
    private final FileResponse files;

    private StaticFiles(StaticFileOptions options, InstantSource clock) throws IOException {
        this.options = options;
        this.locator = new FileLocator(options);
        this.files = new FileResponse(options, clock);
    }

    /**
     * Serves a directory with the default options.
     *
     * @param root a directory that exists
     * @return the middleware and handler
     * @throws UncheckedIOException when there is no such directory
     */
    public static StaticFiles of(Path root) {
        return of(StaticFileOptions.builder(root).build());
    }

    /**
     * Serves a directory.
     *
     * @param options which files and how
     * @return the middleware and handler
     * @throws UncheckedIOException when the root is not a directory that exists
     */
    public static StaticFiles of(StaticFileOptions options) {
        return of(options, InstantSource.system());
    }

    static StaticFiles of(StaticFileOptions options, InstantSource clock) {
        try {
            return new StaticFiles(options, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void invoke(HttpContext context, HttpHandler next) throws Exception {
        if (!isRead(context.request()) || !serve(context)) {
            next.handle(context);
        }
    }

    @Override
    public void handle(HttpContext context) throws IOException {
        HttpResponse response = context.response();
        if (isRead(context.request())) {
            if (!serve(context)) {
                response.status(404).send("404 Not Found\n");
            }
            return;
        }
        response.headers().set(KnownHeader.ALLOW, ALLOW);
        if (context.request().method().equals("OPTIONS")) {
            response.status(204);
        } else {
            response.status(405).send("405 Method Not Allowed\n");
        }
    }

    private static boolean isRead(HttpRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** False when there is nothing to serve, and nothing was answered. */
    private boolean serve(HttpContext context) throws IOException {
        String path = context.request().path();
        String prefix = options.requestPath();
        if (!path.startsWith(prefix)) {
            return false;
        }
        // The prefix alone stands for the root, asked for without its slash.
        boolean bare = path.length() == prefix.length();
        return switch (locator.locate(bare ? "/" : path.substring(prefix.length()))) {
            case Located.File file -> {
                files.send(context, file);
                yield true;
            }
            case Located.Directory directory ->
                    serveDirectory(context, directory, directory.slash() && !bare);
            case Located.Forbidden _ -> forbid(context.response());
            case Located.Missing _ -> false;
        };
    }

    private boolean serveDirectory(HttpContext context, Located.Directory directory, boolean slash)
            throws IOException {
        for (String name : options.indexNames()) {
            Located index = locator.locateIn(directory, name);
            if (index instanceof Located.Forbidden) {
                return forbid(context.response());
            }
            if (index instanceof Located.File file) {
                return slash ? sendIndex(context, file) : redirect(context, directory.segments());
            }
        }
        if (!options.directoryListing()) {
            return false;
        }
        if (!slash) {
            return redirect(context, directory.segments());
        }
        DirectoryPage.send(context, locator, directory);
        return true;
    }

    private boolean sendIndex(HttpContext context, Located.File file) throws IOException {
        files.send(context, file);
        return true;
    }

    private static boolean forbid(HttpResponse response) throws IOException {
        response.status(403).send("403 Forbidden\n");
        return true;
    }

    /**
     * To the same directory with a slash behind it, so that relative links in its page work. The
     * target is made of the names that were found, none of which is empty, so it can not begin with
     * two slashes and lead to another host.
     */
    private boolean redirect(HttpContext context, List<String> segments) {
        StringBuilder target = new StringBuilder(UrlPath.encode(options.requestPath()));
        for (String name : segments) {
            target.append('/').append(UrlPath.encodeSegment(name));
        }
        target.append('/');
        String query = context.request().queryString();
        if (FieldSyntax.indexOfInvalidValueCharacter(query) < 0) {
            target.append(query);
        }
        context.response().status(301).headers().set(KnownHeader.LOCATION, target.toString());
        return true;
    }
}
