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

    private record Document(
            String version, String config, Optional<ConnectionView> broken, List<ConnectionView> links) {}

    private record ConnectionView(
            String id,
            @JsonAdapter(TextOrNull.class) String forward,
            String state,
            String seen,
            @JsonAdapter(TextOrNull.class) String cure,
            @JsonAdapter(TextOrNull.class) String note) {

        static ConnectionView of(Finding finding) {
            return new ConnectionView(
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
                diagnosis.firstBroken().map(ConnectionView::of),
                diagnosis.findings().stream().map(ConnectionView::of).toList())));
    }
}
