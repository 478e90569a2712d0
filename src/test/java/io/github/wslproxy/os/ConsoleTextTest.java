package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleTextTest {

    static Stream<Arguments> outputs() {
        return Stream.of(
                arguments("of a Linux program", utf8("172.30.98.229 \n"), "172.30.98.229 \n"),
                arguments("of wsl.exe", utf16("Ubuntu\r\nDebian\r\n"), "Ubuntu\nDebian\n"),
                arguments("of wsl.exe with WSL_UTF8=1", utf8("Ubuntu\r\n"), "Ubuntu\n"),
                arguments("UTF-16LE with a BOM", utf16("\ufeffUbuntu\r\n"), "Ubuntu\n"),
                arguments("UTF-8 with a BOM", utf8("\ufeff172.30.98.229\r\n"), "172.30.98.229\n"),
                arguments("doubled carriage returns", utf8("Ubuntu\r\r\n"), "Ubuntu\n"),
                arguments("doubled, UTF-16LE", utf16("Ubuntu\r\r\n"), "Ubuntu\n"),
                arguments("carriage returns alone", utf8("10.0.0.1\r10.0.0.2\r"), "10.0.0.1\n10.0.0.2\n"),
                arguments("a megabyte of them", utf8("\r".repeat(1 << 20)), "\n".repeat(1 << 20)),
                arguments("a Chinese name", utf16("我的发行版\r\n"), "我的发行版\n"),
                arguments("a name whose bytes look like ASCII", utf16("中\r\n"), "中\n"),
                arguments(
                        "a Chinese message",
                        utf16("不存在具有所提供名称的分发。\r\n错误代码: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\r\n"),
                        "不存在具有所提供名称的分发。\n错误代码: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\n"),
                arguments("umlauts in UTF-8", utf8("Jörgs Büchse\n"), "Jörgs Büchse\n"),
                arguments("a stray zero", utf8("10.0.0.1 \0"), "10.0.0.1 "),
                arguments("zeros between lines", utf8("10.0.0.1\0\n\0"), "10.0.0.1\n"),
                arguments("half a character at the end", new byte[] {'U', 0, 'b', 0, 'u'}, "Ub\ufffd"),
                arguments("nothing", new byte[0], ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void isDecodedByContent(String what, byte[] bytes, String text) {
        assertThat(ConsoleText.decode(bytes)).as(what).isEqualTo(text);
    }

    private static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
