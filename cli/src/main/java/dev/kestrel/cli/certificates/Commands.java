package dev.kestrel.cli.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The other programs that trust stores need. */
public interface Commands {

    /**
     * Whether a program is there.
     *
     * @param program its name
     * @return true when it can be run
     */
    boolean has(String program);

    /**
     * Runs a program and waits for its end.
     *
     * @param words the program and its arguments
     * @return its exit code, and what it said
     * @throws IOException when it can not be started
     * @throws InterruptedException when the thread is interrupted
     */
    Result run(List<String> words) throws IOException, InterruptedException;

    /**
     * How a program ended.
     *
     * @param code its exit code
     * @param output what it said
     */
    record Result(int code, String output) {}

    /**
     * The programs of this machine.
     *
     * @param environment the variables of the process, for its {@code PATH}
     * @return a way to run them
     */
    static Commands ofSystem(Map<String, String> environment) {
        // Where update-ca-certificates is, which users who are not root do not have on their path.
        String path = environment.getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return new Commands() {
            @Override
            public boolean has(String program) {
                return Pattern.compile(":")
                        .splitAsStream(path)
                        .filter(each -> !each.isEmpty())
                        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
            }

            @Override
            public Result run(List<String> words) throws IOException, InterruptedException {
                ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
                builder.environment().put("PATH", path);
                Process process = builder.start();
                process.getOutputStream().close();
                String output =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return new Result(process.waitFor(), output.strip());
            }
        };
    }
}
