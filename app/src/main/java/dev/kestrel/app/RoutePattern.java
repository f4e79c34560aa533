package dev.kestrel.app;

import java.util.ArrayList;
import java.util.List;

/**
 * A route's pattern, taken apart: {@code /users/{id:int}/files/{**path}}. Literals compare with
 * case, and a trailing slash is part of the path: {@code /a} and {@code /a/} are two routes.
 */
final class RoutePattern {

    /** A part between two slashes. */
    sealed interface Segment {}

    /** Text that must be there as it is, as {@code HttpRequest.path()} gives it. */
    record Literal(String text) implements Segment {}

    /** One part of the path that is not empty. */
    record Parameter(String name, RouteConstraint constraint) implements Segment {}

    /** All that is left of the path, which may be nothing. */
    record CatchAll(String name) implements Segment {}

    private final String text;
    private final List<Segment> segments;
    private final List<String> names;

    private RoutePattern(String text, List<Segment> segments, List<String> names) {
        this.text = text;
        this.segments = List.copyOf(segments);
        this.names = List.copyOf(names);
    }

    static RoutePattern parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("The route '" + text + "' does not begin with '/'");
        }
        List<Segment> segments = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String part : text.substring(1).split("/", -1)) {
            if (!segments.isEmpty() && segments.getLast() instanceof CatchAll) {
                throw wrong(text, part, "nothing can follow a part that catches all");
            }
            Segment segment = segment(text, part);
            switch (segment) {
                case Parameter(String name, RouteConstraint _) -> addName(text, names, name);
                case CatchAll(String name) -> addName(text, names, name);
                case Literal _ -> {}
            }
            segments.add(segment);
        }
        return new RoutePattern(text, segments, names);
    }

    /** The parts, at least one. */
    List<Segment> segments() {
        return segments;
    }

    /** The names of the parameters, in order. */
    List<String> names() {
        return names;
    }

    /** Whether exactly one path matches, which is the pattern itself. */
    boolean isLiteral() {
        return names.isEmpty();
    }

    @Override
    public String toString() {
        return text;
    }

    private static Segment segment(String text, String part) {
        if (!part.startsWith("{") || !part.endsWith("}")) {
            if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
                throw wrong(text, part, "a parameter takes a whole part of the path");
            }
            if (part.equals(".") || part.equals("..")) {
                throw wrong(
                        text, part, "a path never has it: requests lose it before they are routed");
            }
            return new Literal(part);
        }
        String inner = part.substring(1, part.length() - 1);
        if (inner.startsWith("*")) {
            return new CatchAll(inner.substring(inner.startsWith("**") ? 2 : 1));
        }
        int colon = inner.indexOf(':');
        if (colon < 0) {
            return new Parameter(inner, RouteConstraint.NONE);
        }
        RouteConstraint constraint = RouteConstraint.find(inner.substring(colon + 1));
        if (constraint == null) {
            throw wrong(text, part, "the constraints are int, long, uuid and alpha");
        }
        return new Parameter(inner.substring(0, colon), constraint);
    }

    private static void addName(String text, List<String> names, String name) {
        boolean fits =
                !name.isEmpty()
                        && name.chars()
                                .allMatch(
                                        c -> Character.isLetterOrDigit(c) || c == '_' || c == '-');
        if (!fits) {
            throw wrong(text, name, "a parameter's name has letters, digits, '_' and '-'");
        }
        if (names.contains(name)) {
            throw wrong(text, name, "the name occurs twice");
        }
        names.add(name);
    }

    private static IllegalArgumentException wrong(String text, String part, String why) {
        return new IllegalArgumentException("The route '" + text + "' has '" + part + "': " + why);
    }
}
