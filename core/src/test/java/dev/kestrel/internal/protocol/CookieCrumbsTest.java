package dev.kestrel.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9113 section 8.2.3. */
class CookieCrumbsTest {

    /** What was joined before may save work, but never shows up where it does not belong. */
    @Test
    void theMemoryOfCookiesIsOfNoConsequence() {
        String[] crumbs = {"a=1", "b=2", "c=3"};
        int[][] blocks = {{0, 1}, {0, 1}, {0}, {0, 1}, {2}, {2, 1}, {2, 1, 0}, {}, {2, 1, 0}};
        for (boolean complete : new boolean[] {true, false}) {
            for (int[] first : blocks) {
                for (int[] second : blocks) {
                    CookieCrumbs cookies = new CookieCrumbs();
                    add(cookies, crumbs, blocks[0]);
                    cookies.join();
                    add(cookies, crumbs, first);
                    if (complete) {
                        cookies.join();
                    }
                    assertThat(add(cookies, crumbs, second))
                            .isEqualTo(cookies.join() == null ? "" : cookies.join());
                }
            }
        }
    }

    private static String add(CookieCrumbs cookies, String[] crumbs, int[] which) {
        cookies.begin();
        StringBuilder expected = new StringBuilder();
        for (int i : which) {
            cookies.add(crumbs[i]);
            expected.append(expected.isEmpty() ? "" : "; ").append(crumbs[i]);
        }
        return expected.toString();
    }
}
