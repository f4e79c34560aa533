package dev.kestrel.internal.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Both tables of constants against the text of RFC 7541, from beside the checkout. */
class HPackAppendicesTest {

    private static final Pattern ENTRY =
            Pattern.compile("(?m)^(\\d{1,2}) +(:?[a-z][a-z-]*)(?: +(\\S.*?))? *$");

    private static final Pattern CODE =
            Pattern.compile("\\( *(\\d+)\\) +\\|[01|]+ +([0-9a-f]+) +\\[ *(\\d+)]");

    private static String rfc = "";

    @BeforeAll
    static void read() throws IOException {
        Path file = HPackTestSupport.checkout().resolveSibling("shared").resolve("rfc/rfc7541.txt");
        Assumptions.assumeTrue(
                Files.isRegularFile(file),
                "Skipped: there is no rfc/rfc7541.txt in a directory 'shared' beside the checkout");
        rfc = Files.readString(file);
    }

    @Test
    void appendixA() {
        String table = rfc.substring(rfc.indexOf("Table 1: Static Table Entries"));
        int index = 0;
        for (MatchResult entry : ENTRY.matcher(table).results().limit(61).toList()) {
            index++;
            assertThat(entry.group(1)).isEqualTo(Integer.toString(index));
            assertThat(HPackName.ofStatic(index).text()).isEqualTo(entry.group(2));
            assertThat(HPackStaticTable.value(index))
                    .isEqualTo(entry.group(3) == null ? "" : entry.group(3));
        }
        assertThat(index).isEqualTo(HPackStaticTable.SIZE);
    }

    @Test
    void appendixB() {
        int codes = 0;
        for (MatchResult code : CODE.matcher(rfc).results().toList()) {
            int symbol = Integer.parseInt(code.group(1));
            assertThat(symbol).isEqualTo(codes++);
            assertThat(HuffmanCode.code(symbol)).isEqualTo(Integer.parseInt(code.group(2), 16));
            assertThat(HuffmanCode.length(symbol)).isEqualTo(Integer.parseInt(code.group(3)));
        }
        assertThat(codes).isEqualTo(257);
    }
}
