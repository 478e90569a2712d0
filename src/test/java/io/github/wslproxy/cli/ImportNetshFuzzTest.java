package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.windows.ImportedForward;
import io.github.wslproxy.windows.PortProxyRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever rules there are: every one is imported or refused with a reason, and what is imported is valid together. */
@Tag("slow")
class ImportNetshFuzzTest {
    private static final List<String> V4 = List.of("*", "0.0.0.0", "127.0.0.1", "192.0.2.1", "192.0.2.2");
    private static final List<String> V6 = List.of("*", "::", "::1", "2001:db8::1", "fe80::1%99");
    private static final List<String> TO_V4 = List.of("127.0.0.1", "172.20.0.2", "192.0.2.1", "999.1.1.1", "localhost");
    private static final List<String> TO_V6 = List.of("::1", "2001:db8::1", "fd00::2", "fe80::1%99");

    @Test
    void whatIsImportedIsValidTogether() throws Exception {
        Random random = new Random(20_251_122);
        for (int i = 0; i < 60; i++) {
            checkRulesOf(random);
        }
    }

    private static void checkRulesOf(Random random) throws Exception {
        StringBuilder dump = new StringBuilder();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            boolean fromV6 = random.nextBoolean();
            boolean toV6 = random.nextBoolean();
            dump.append("add v").append(fromV6 ? 6 : 4).append("tov").append(toV6 ? 6 : 4);
            dump.append(" listenaddress=").append(any(fromV6 ? V6 : V4, random));
            dump.append(" listenport=").append(port(random));
            dump.append(" connectaddress=").append(any(toV6 ? TO_V6 : TO_V4, random));
            dump.append(" connectport=").append(port(random)).append('\n');
        }
        check(dump.toString(), count);
    }

    /** 9797 is taken by the status page. */
    private static int port(Random random) {
        return random.nextInt(20) == 0 ? 9797 : 3000 + random.nextInt(3);
    }

    private static String any(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static void check(String dump, int count) throws Exception {
        PortProxyRules found = PortProxyRules.in(dump.getBytes(StandardCharsets.UTF_8));
        ImportVerdict verdict = ImportVerdict.of(ImportedForward.of(found.rules(), Set.of(), Set.of()));
        Set<ImportedForward> accepted = verdict.accepted().keySet();
        int imported = rules(accepted);
        int refused = rules(verdict.refused().keySet());
        assertThat(imported + refused + found.rejected().size()).as(dump).isEqualTo(count);
        if (!accepted.isEmpty()) {
            assertThat(valid(ImportNetshText.toml(accepted))).isEqualTo(accepted.size());
        }
    }

    private static int rules(Set<ImportedForward> forwards) {
        return forwards.stream().mapToInt(forward -> forward.rules().size()).sum();
    }

    private static int valid(List<String> toml) throws Exception {
        return ConfigFile.parse("[wsl]\naddress = '192.0.2.7'\n" + String.join("\n", toml))
                .forwards()
                .size();
    }
}
