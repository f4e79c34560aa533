package dev.kestrel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds the table of rooms in ARCHITECTURE.md: a package of the core uses the packages above it and
 * no others, so there are no cycles. What a class uses is read from its class file.
 */
class RoomTableTest {

    /** From the ground up. */
    private static final List<String> ROOMS =
            List.of(
                    "dev.kestrel.pipelines",
                    "dev.kestrel.connections",
                    "dev.kestrel.internal.loops",
                    "dev.kestrel.connections.sockets",
                    "dev.kestrel.connections.tls",
                    "dev.kestrel.connections.multiplexed",
                    "dev.kestrel.http",
                    "dev.kestrel.options",
                    "dev.kestrel.internal.guard",
                    "dev.kestrel.internal.protocol",
                    "dev.kestrel.internal.http1",
                    "dev.kestrel.internal.hpack",
                    "dev.kestrel.internal.http2",
                    "dev.kestrel.internal.qpack",
                    "dev.kestrel.internal.http3",
                    "dev.kestrel.internal.tls",
                    "dev.kestrel.internal.serving",
                    "dev.kestrel.server");

    /** All that the core may stand on besides itself. */
    private static final List<String> GROUND = List.of("java.", "javax.", "jdk.", "org.jspecify.");

    /** Each of these would bring back what a blocking virtual thread replaces. */
    private static final Set<String> BANNED =
            Set.of(
                    "java.lang.ThreadLocal",
                    "java.lang.InheritableThreadLocal",
                    "java.util.concurrent.CompletableFuture",
                    "java.util.concurrent.CompletionStage",
                    "java.util.concurrent.Flow");

    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([^;<]+)[;<]");

    private record Uses(String name, Set<String> types, boolean nullMarked) {
        String room() {
            return packageOf(name);
        }
    }

    private static List<Uses> classes = List.of();

    @BeforeAll
    static void readClassFiles() throws IOException, URISyntaxException {
        Path root =
                Path.of(
                        dev.kestrel.pipelines.PipeReader.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (Stream<Path> files = Files.walk(root)) {
            classes =
                    files.filter(file -> file.toString().endsWith(".class"))
                            .filter(file -> !file.endsWith("module-info.class"))
                            .map(RoomTableTest::read)
                            .toList();
        }
        assertThat(classes).as("classes below " + root).hasSizeGreaterThan(50);
    }

    @Test
    void everyPackageIsARoomInTheTable() {
        assertThat(classes)
                .allSatisfy(
                        each ->
                                assertThat(ROOMS)
                                        .as(each.name() + " lies in no room of the table")
                                        .contains(each.room()));
    }

    @Test
    void aRoomUsesOnlyTheRoomsAboveIt() {
        List<String> forbidden = new ArrayList<>();
        for (Uses each : classes) {
            int own = ROOMS.indexOf(each.room());
            for (String type : each.types()) {
                String target = packageOf(type);
                if (target.startsWith("dev.kestrel") && ROOMS.indexOf(target) > own) {
                    forbidden.add(
                            each.room() + " -> " + target + ": " + each.name() + " uses " + type);
                }
            }
        }
        assertThat(forbidden).as("edges that the table of rooms forbids").isEmpty();
    }

    @Test
    void theCoreStandsOnTheJdkAlone() {
        List<String> foreign = new ArrayList<>();
        for (Uses each : classes) {
            for (String type : each.types()) {
                if (!type.startsWith("dev.kestrel.")
                        && GROUND.stream().noneMatch(type::startsWith)) {
                    foreign.add(each.name() + " uses " + type);
                }
            }
        }
        assertThat(foreign).as("types that are neither the JDK's nor the core's").isEmpty();
    }

    @Test
    void threadsBlockInsteadOfHandingOverFutures() {
        List<String> banned = new ArrayList<>();
        for (Uses each : classes) {
            for (String type : each.types()) {
                if (BANNED.contains(type)) {
                    banned.add(each.name() + " uses " + type);
                }
            }
        }
        assertThat(banned).isEmpty();
    }

    @Test
    void everyRoomIsIntroducedAndNullMarked() {
        Set<String> rooms = new TreeSet<>();
        Set<String> introduced = new TreeSet<>();
        for (Uses each : classes) {
            rooms.add(each.room());
            if (each.name().endsWith(".package-info") && each.nullMarked()) {
                introduced.add(each.room());
            }
        }
        assertThat(introduced).as("packages with a @NullMarked package-info").isEqualTo(rooms);
    }

    private static Uses read(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set<String> types = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry used -> addClass(used.asInternalName(), types);
                case NameAndTypeEntry used -> addDescriptor(used.type().stringValue(), types);
                case MethodTypeEntry used -> addDescriptor(used.descriptor().stringValue(), types);
                default -> {}
            }
        }
        model.fields().forEach(field -> addDescriptor(field.fieldType().stringValue(), types));
        model.methods().forEach(method -> addDescriptor(method.methodType().stringValue(), types));
        boolean nullMarked =
                model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                        .flatMap(found -> found.annotations().stream())
                        .anyMatch(
                                found ->
                                        found.className()
                                                .equalsString(
                                                        "Lorg/jspecify/annotations/NullMarked;"));
        return new Uses(dotted(model.thisClass().asInternalName()), types, nullMarked);
    }

    private static void addClass(String internalName, Set<String> types) {
        if (internalName.startsWith("[")) {
            addDescriptor(internalName, types);
        } else {
            types.add(dotted(internalName));
        }
    }

    private static void addDescriptor(String descriptor, Set<String> types) {
        Matcher matcher = TYPE_IN_DESCRIPTOR.matcher(descriptor);
        while (matcher.find()) {
            types.add(dotted(matcher.group(1)));
        }
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    private static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }
}
