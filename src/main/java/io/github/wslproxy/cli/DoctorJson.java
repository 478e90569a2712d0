package io.github.wslproxy.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A diagnosis for a program: one document in ASCII. Its names are a promise; what is empty is null. */
final class DoctorJson {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private DoctorJson() {}

    private record Document(
            String version, String config, @Nullable LinkView broken, List<LinkView> links) {}

    private record LinkView(
            String id,
            @Nullable String forward,
            String state,
            String seen,
            @Nullable String cure,
            @Nullable String note) {

        static LinkView of(Finding finding) {
            return new LinkView(
                    finding.link().toString(),
                    orNull(finding.forward()),
                    finding.state().toString(),
                    finding.seen(),
                    orNull(finding.cure()),
                    orNull(finding.note()));
        }

        private static @Nullable String orNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }

    static String of(Diagnosis diagnosis) {
        Document document = new Document(
                Version.current(),
                diagnosis.config(),
                diagnosis.firstBroken().map(LinkView::of).orElse(null),
                diagnosis.findings().stream().map(LinkView::of).toList());
        return Terminal.ascii(GSON.toJson(document));
    }
}
