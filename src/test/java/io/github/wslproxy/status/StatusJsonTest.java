package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
    @Test
    void theWholeDocumentReadsAsPromised() {
        assertThat(StatusSamples.json(StatusSamples.withConfig(
                        StatusSamples.of(StatusSamples.listening("vite")),
                        "/home/me/proxy.toml",
                        "--config /home/me/proxy.toml")))
                .isEqualTo("""
                        {
                          "version": "0.1.0",
                          "pid": 4321,
                          "java": {
                            "version": "17.0.12",
                            "exclusive_bind": false,
                            "keep_alive": true
                          },
                          "uptime_seconds": 3725,
                          "config": "/home/me/proxy.toml",
                          "config_option": "--config /home/me/proxy.toml",
                          "config_error": null,
                          "target": {
                            "state": "up",
                            "address": "172.30.98.229",
                            "since": "2026-11-22T01:02:03.456Z",
                            "reason": "the only address",
                            "on_stopped": null,
                            "hold_seconds": 0.0
                          },
                          "limits": {
                            "connections": {
                              "used": 17,
                              "max": 8192,
                              "refused": 0
                            },
                            "connecting": {
                              "used": 2,
                              "max": 1024,
                              "refused": 5
                            },
                            "sessions": {
                              "used": 3,
                              "max": 4096,
                              "refused": 6000000000
                            },
                            "direct_memory": {
                              "used": 4194304,
                              "max": 67108864,
                              "refused": 0
                            },
                            "rate": {
                              "used": 1,
                              "max": 1000,
                              "refused": 7
                            }
                          },
                          "forwards": [
                            {
                              "name": "vite",
                              "protocol": "tcp",
                              "listen": [
                                "0.0.0.0:5173",
                                "[::]:5173"
                              ],
                              "target": "wsl:5173",
                              "resolved": "172.30.98.229:5173",
                              "state": "listening",
                              "error": null,
                              "open": 1,
                              "accepted": 20,
                              "refused": 3,
                              "bytes_in": 4096,
                              "bytes_out": 5000000000,
                              "last_error": null,
                              "last_problem": null,
                              "last_client": {
                                "address": "192.168.1.50",
                                "at": "2026-11-22T01:02:03.456Z",
                                "accepted": true,
                                "refusal": null,
                                "code": null,
                                "cure": null
                              },
                              "last_own_client": "192.168.1.20:50001",
                              "origin": "share",
                              "ends_at": "2026-11-22T01:02:03.456Z",
                              "urls": [
                                "http://192.168.1.7:5173/"
                              ],
                              "clients": [
                                {
                                  "address": "192.168.1.50",
                                  "open": 1
                                }
                              ],
                              "toml": null,
                              "why_no_url": null,
                              "clients_allowed": "private",
                              "via": "address"
                            }
                          ],
                          "events": [
                            {
                              "at": "2026-11-22T01:02:03.456Z",
                              "level": "info",
                              "text": "WSL is at 172.30.98.229"
                            },
                            {
                              "at": "2026-11-22T01:02:03.456Z",
                              "level": "warn",
                              "text": "[né <b>\\"] refused"
                            }
                          ]
                        }
                        """);
    }

    @Test
    void whatOtherProgramsReadStaysByteForByte() throws IOException {
        assertThat(StatusSamples.json(StatusSamples.ofEveryKind())).isEqualTo(golden("status.json"));
        assertThat(StatusMetrics.of(StatusSamples.ofEveryKind(), null).text()).isEqualTo(golden("metrics.txt"));
        assertThat(StatusJson.links(List.of(
                        new AdminApi.ConnectionView(Protocol.UDP, "[fd00::5]:6", "", Duration.ofMillis(1_999), 0, 7),
                        new AdminApi.ConnectionView(
                                Protocol.TCP, "10.0.0.1:5", "wsl \"x\":5173", Duration.ofSeconds(61), 4096, 0))))
                .isEqualTo(golden("links.json"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = StatusJsonTest.class.getResourceAsStream("/status/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A third of the bytes would be blanks. */
    @Test
    void moreThanFiveHundredForwardsAreOnOneLine() {
        Snapshot.ForwardView one = StatusSamples.keptOut("web", "10.0.0.1");
        Snapshot many = StatusSamples.of(Collections.nCopies(501, one).toArray(Snapshot.ForwardView[]::new));
        Snapshot few = StatusSamples.of(Collections.nCopies(500, one).toArray(Snapshot.ForwardView[]::new));

        String compact = StatusSamples.json(many);
        assertThat(compact.lines()).hasSize(1);
        assertThat(compact).contains("\"hold_seconds\":0.0},").endsWith("]}\n");
        assertThat(StatusSamples.json(few)).contains("\n  \"pid\": 4321,\n");
        assertThat(parse(many)).isEqualTo(JsonParser.parseString(compact));
    }

    @Test
    void anEmptyAddressIsNullAndNoForwardsAnEmptyArray() {
        JsonObject document = parse(StatusSamples.inState("down", ""));

        assertThat(document.getAsJsonObject("target").get("address").isJsonNull())
                .isTrue();
        assertThat(document.getAsJsonArray("forwards")).isEmpty();
    }

    @Test
    void aForwardThatIsNowhereHasNoResolvedTarget() {
        JsonObject forward = parse(StatusSamples.of(StatusSamples.failed("x")))
                .getAsJsonArray("forwards")
                .get(0)
                .getAsJsonObject();

        assertThat(forward.get("resolved").isJsonNull()).isTrue();
        assertThat(forward.get("state").getAsString()).isEqualTo("failed");
        assertThat(forward.get("bytes_out").getAsLong()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatWentWrongStandsApartFromItsTimeAndItsClient() {
        JsonObject forward = parse(StatusSamples.of(StatusSamples.keptOut("web", "10.0.0.1")))
                .getAsJsonArray("forwards")
                .get(0)
                .getAsJsonObject();

        assertThat(forward.get("last_error").getAsString())
                .isEqualTo("2026-11-22T01:02:03Z refused 10.0.0.1:50001: 10.0.0.1 is not in allow of web");
        assertThat(forward.getAsJsonObject("last_problem").toString())
                .isEqualTo(("{'at':'2026-11-22T01:02:03.456Z','client':'10.0.0.1:50001',"
                                + "'text':'10.0.0.1 is not in allow of web','code':'not_allowed','limit':null,"
                                + "'cure':'add 10.0.0.1','served_since':null}")
                        .replace('\'', '"'));
        assertThat(forward.getAsJsonObject("last_client").get("code").getAsString())
                .isEqualTo("not_allowed");
    }

    @Test
    void everyTextComesBackUnchanged() {
        JsonObject forward = parse(StatusSamples.of(StatusSamples.failed(StatusSamples.NASTY)))
                .getAsJsonArray("forwards")
                .get(0)
                .getAsJsonObject();

        JsonPrimitive nasty = new JsonPrimitive(StatusSamples.NASTY);
        JsonArray listen = new JsonArray();
        listen.add(nasty);
        assertThat(forward.get("name")).isEqualTo(nasty);
        assertThat(forward.get("protocol")).isEqualTo(nasty);
        assertThat(forward.get("listen")).isEqualTo(listen);
        assertThat(forward.get("target")).isEqualTo(nasty);
        assertThat(forward.get("error")).isEqualTo(nasty);
        assertThat(forward.get("last_error").getAsString())
                .isEqualTo("2026-11-22T01:02:03Z refused " + StatusSamples.NASTY + ": " + StatusSamples.NASTY);
        assertThat(forward.getAsJsonObject("last_problem").get("text")).isEqualTo(nasty);
        assertThat(forward.getAsJsonObject("last_problem").get("client")).isEqualTo(nasty);
        assertThat(parse(StatusSamples.inState("down", "")).get("version")).isEqualTo(nasty);
    }

    @Test
    void controlCharactersAreNeverWrittenRaw() {
        String everyControl = new String(new char[] {0, 7, '\b', '\t', 11, '\f', '\r', 27, 31, 127});

        String json = StatusSamples.json(StatusSamples.of(StatusSamples.failed(everyControl)));

        assertThat(json.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
        assertThat(parse(StatusSamples.of(StatusSamples.failed(everyControl))).toString())
                .isNotEmpty();
    }

    private static JsonObject parse(Snapshot snapshot) {
        byte[] sent = StatusSamples.json(snapshot).getBytes(StandardCharsets.UTF_8);
        return JsonParser.parseString(new String(sent, StandardCharsets.UTF_8)).getAsJsonObject();
    }
}
