package io.github.wslproxy.cli;

import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A diagnosis for a program: one document in ASCII. Its names are a promise; what is empty is null. */
final class DoctorJson {
    private DoctorJson() {}

    static String of(Diagnosis diagnosis) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("version").value(Version.current());
            json.name("config").value(diagnosis.config());
            json.name("broken");
            write(json, diagnosis.firstBroken());
            json.name("links").beginArray();
            for (Finding finding : diagnosis.findings()) {
                write(json, Optional.of(finding));
            }
            json.endArray();
            json.endObject();
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return ascii(text.toString());
    }

    private static void write(JsonWriter json, Optional<Finding> finding) throws IOException {
        if (finding.isEmpty()) {
            json.nullValue();
            return;
        }
        Finding one = finding.get();
        json.beginObject();
        json.name("id").value(one.link().toString());
        valueOrNull(json.name("forward"), one.forward());
        json.name("state").value(one.state().toString());
        json.name("seen").value(one.seen());
        valueOrNull(json.name("cure"), one.cure());
        valueOrNull(json.name("note"), one.note());
        json.endObject();
    }

    private static void valueOrNull(JsonWriter json, String text) throws IOException {
        if (text.isEmpty()) {
            json.nullValue();
        } else {
            json.value(text);
        }
    }

    /** Outside of strings there is nothing else: the encoding of stdout is the console's, which no program can know. */
    private static String ascii(String json) {
        StringBuilder escaped = new StringBuilder();
        json.chars()
                .forEach(character -> escaped.append(
                        character < 0x7f ? String.valueOf((char) character) : String.format("\\u%04x", character)));
        return escaped.toString();
    }
}
