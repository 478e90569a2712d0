package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    private final String page = StatusPage.DOCUMENT;

    @Test
    void thePolicyAllowsTheStyleAndTheScriptOfThePageAndNothingElse() throws Exception {
        assertThat(StatusPage.SECURITY_POLICY)
                .startsWith("default-src 'none'; style-src '" + hash("style") + "'; script-src '" + hash("script")
                        + "'; connect-src 'self'; img-src 'self' data:; ")
                .contains("require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*");
    }

    @Test
    void nothingIsFetchedFromElsewhere() {
        assertThat(page.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "url(", "@import", "src=\"", "style=\"", " onclick", " onload");
    }

    @Test
    void theScriptMakesNoMarkupOfText() {
        assertThat(between("script"))
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
                .doesNotContain("</", "<!--");
    }

    @Test
    void everyPlaceIsFilled() {
        assertThat(page).doesNotContain("{{");
    }

    @Test
    void isSmall() {
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(40_000);
    }

    private String hash(String element) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(between(element).getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private String between(String element) {
        int begin = page.indexOf("<" + element + ">") + element.length() + 2;
        return page.substring(begin, page.indexOf("</" + element + ">", begin));
    }
}
