package io.github.wslproxy.cli;

import com.google.gson.Gson;
import com.google.gson.annotations.JsonAdapter;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Finding;
import io.github.wslproxy.status.RecordJson;
import io.github.wslproxy.status.RecordJson.TextOrNull;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A diagnosis for a program: one document in ASCII. Its names are a promise; what is empty is null. */
final class DoctorJson {
    private static final Gson GSON =
            RecordJson.builder(Map.of()).setPrettyPrinting().create();

    private DoctorJson() {}

    private record Document(String version, String config, Optional<LinkView> broken, List<LinkView> links) {}

    private record LinkView(
            String id,
            @JsonAdapter(TextOrNull.class) String forward,
            String state,
            String seen,
            @JsonAdapter(TextOrNull.class) String cure,
            @JsonAdapter(TextOrNull.class) String note) {

        static LinkView of(Finding finding) {
            return new LinkView(
                    finding.link().toString(),
                    finding.forward(),
                    finding.state().toString(),
                    finding.seen(),
                    finding.cure(),
                    finding.note());
        }
    }

    static String of(Diagnosis diagnosis) {
        return Terminal.ascii(GSON.toJson(new Document(
                Version.current(),
                diagnosis.config(),
                diagnosis.firstBroken().map(LinkView::of),
                diagnosis.findings().stream().map(LinkView::of).toList())));
    }
}
