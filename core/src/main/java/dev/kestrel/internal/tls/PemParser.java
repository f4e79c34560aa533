package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a file in PEM into its blocks (RFC 7468). Text before and between blocks is ignored, as
 * section 2 says. For one file and one thread.
 */
final class PemParser {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final CertificateFile file;
    private final List<PemBlock> blocks = new ArrayList<>();
    private int line;
    private int textBehind;

    private @Nullable String label;
    private int labelLine;
    private Map<String, String> headers = Map.of();
    private StringBuilder data = new StringBuilder();

    private PemParser(CertificateFile file) {
        this.file = file;
    }

    /**
     * The blocks of a file.
     *
     * @param blocks in the order of the file; none when it is not PEM
     * @param textBehind the first line with text behind the last block, or 0
     */
    record Result(List<PemBlock> blocks, int textBehind) {}

    static Result parse(CertificateFile file) throws CertificateLoadException {
        PemParser parser = new PemParser(file);
        String text = new String(file.bytes(), StandardCharsets.ISO_8859_1);
        // The byte order marks, which some shells write before what they redirect.
        if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
            throw file.problem("is text in UTF-16: save it as plain ASCII or UTF-8.");
        }
        // The mark that some editors put before UTF-8.
        if (text.startsWith("\u00ef\u00bb\u00bf")) {
            text = text.substring(3);
        }
        for (String each : (Iterable<String>) text.lines()::iterator) {
            parser.line(each.strip());
        }
        if (parser.label != null) {
            throw parser.unfinished();
        }
        return new Result(List.copyOf(parser.blocks), parser.textBehind);
    }

    private void line(String text) throws CertificateLoadException {
        line++;
        if (text.indexOf(BEGIN, 1) > 0) {
            throw file.problem(
                    "has a BEGIN in the middle of line "
                            + line
                            + ": put a line break before it. Files were probably joined without one.");
        }
        if (label == null) {
            outside(text);
        } else {
            inside(label, text);
        }
    }

    private void outside(String text) throws CertificateLoadException {
        if (text.startsWith(BEGIN) && text.endsWith(DASHES)) {
            label = text.substring(BEGIN.length(), text.length() - DASHES.length());
            labelLine = line;
            headers = new LinkedHashMap<>();
            data = new StringBuilder();
            textBehind = 0;
        } else if (text.startsWith(BEGIN) || text.startsWith(END)) {
            throw file.problem(
                    "is damaged in line "
                            + line
                            + ": a BEGIN or END stands there alone or is not whole. Copy the file"
                            + " again.");
        } else if (!text.isEmpty() && textBehind == 0 && !blocks.isEmpty()) {
            textBehind = line;
        }
    }

    private void inside(String label, String text) throws CertificateLoadException {
        int colon = text.indexOf(':');
        if (text.startsWith(END)) {
            if (!text.equals(END + label + DASHES)) {
                throw unfinished();
            }
            blocks.add(new PemBlock(label, Map.copyOf(headers), decode(), labelLine));
            this.label = null;
        } else if (text.startsWith(BEGIN)) {
            throw unfinished();
        } else if (colon > 0) {
            headers.put(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
        } else {
            data.append(text);
        }
    }

    private byte[] decode() throws CertificateLoadException {
        try {
            return Base64.getDecoder().decode(data.toString());
        } catch (IllegalArgumentException e) {
            // Without the cause: its message shows a character of what may be a key.
            throw file.problem(
                    "is damaged: the block that begins in line "
                            + labelLine
                            + " is not Base64. Copy the file again.");
        }
    }

    private CertificateLoadException unfinished() {
        return file.problem(
                "is damaged: the block that begins in line "
                        + labelLine
                        + " has no END line of its own. Copy the file again.");
    }
}
