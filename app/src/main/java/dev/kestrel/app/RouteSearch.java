package dev.kestrel.app;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One walk through the tree of routes: literals before parameters before what catches all, and back
 * again when a way leads nowhere. Each node stands for one depth of the path, so no walk visits
 * more nodes than there are.
 */
final class RouteSearch {

    /**
     * A value, and the number of the part of the path that it stands in; -1 for what was caught by
     * a catch-all.
     */
    private record Value(String text, int part) {}

    private final String method;
    private final String path;
    private final List<Value> values = new ArrayList<>(4);
    private final Set<String> methods = new TreeSet<>();
    private @Nullable Endpoint endpoint;

    RouteSearch(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** Walks; the path begins with a slash. */
    boolean run(RouteNode root) {
        return visit(root, 1, 0);
    }

    /** What was found. */
    @Nullable Endpoint endpoint() {
        return endpoint;
    }

    /** The methods of all routes that match the path, when none matches the method too. */
    Set<String> methods() {
        return methods;
    }

    /** The parameters of the endpoint that was found. */
    Map<String, String> parameters(Endpoint found, String rawTarget) {
        Map<String, String> parameters = LinkedHashMap.newLinkedHashMap(values.size());
        List<String> names = found.route().names();
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            parameters.put(
                    names.get(i), RawPath.decodeSlashes(value.text, value.part, path, rawTarget));
        }
        return parameters;
    }

    private boolean visit(RouteNode node, int from, int part) {
        if (from > path.length()) {
            return endsAt(node) || endsAtCatchAll(node, from);
        }
        int slash = path.indexOf('/', from);
        int end = slash < 0 ? path.length() : slash;
        String text = path.substring(from, end);
        RouteNode literal = node.literal(text);
        if (literal != null && visit(literal, end + 1, part + 1)) {
            return true;
        }
        if (!text.isEmpty()) {
            for (Map.Entry<RouteConstraint, RouteNode> entry : node.parameters().entrySet()) {
                if (entry.getKey().accepts(text)) {
                    values.add(new Value(text, part));
                    if (visit(entry.getValue(), end + 1, part + 1)) {
                        return true;
                    }
                    values.removeLast();
                }
            }
        }
        return endsAtCatchAll(node, from);
    }

    private boolean endsAt(RouteNode node) {
        endpoint = node.find(method);
        if (endpoint == null) {
            methods.addAll(node.methods());
        }
        return endpoint != null;
    }

    private boolean endsAtCatchAll(RouteNode node, int from) {
        RouteNode catchAll = node.catchAll();
        if (catchAll == null || !endsAt(catchAll)) {
            return false;
        }
        values.add(new Value(from > path.length() ? "" : path.substring(from), -1));
        return true;
    }
}
