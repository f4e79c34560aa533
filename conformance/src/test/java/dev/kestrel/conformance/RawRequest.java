package dev.kestrel.conformance;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Base64;

/**
 * A row of {@code h1cases.json}: bytes that a client sends, and what a server must not do with
 * them.
 *
 * @param name suite and name
 * @param bytes what is sent
 * @param expectation {@code accept}, {@code reject} or {@code either}
 * @param completeRequests how many well-formed requests there are before the first fault
 * @param smuggling whether more 2xx answers than that are a split
 * @param mustWait whether the server must wait for more
 */
record RawRequest(
        String name,
        byte[] bytes,
        String expectation,
        int completeRequests,
        boolean smuggling,
        boolean mustWait) {

    static RawRequest of(JsonNode row) {
        return new RawRequest(
                row.get("suite").asText() + ": " + row.get("name").asText(),
                Base64.getDecoder().decode(row.get("raw_base64").asText()),
                row.get("expectation").asText(),
                row.get("complete_requests").asInt(),
                row.path("smuggling").asBoolean(false),
                row.path("wait").asBoolean(false));
    }
}
