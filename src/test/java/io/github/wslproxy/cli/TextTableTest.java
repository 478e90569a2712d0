package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void eachColumnIsAsWideAsItsWidestCell() {
        assertThat(new TextTable("NAME", "PORT", "X")
                        .row("a", "65535", "first")
                        .row("longer name", "1", "second")
                        .lines())
                .containsExactly("NAME         PORT   X", "a            65535  first", "longer name  1      second");
    }

    @Test
    void linesHaveNoBlanksAtTheirEnd() {
        assertThat(new TextTable("A", "BBBB").row("a", "").row("", "").lines()).containsExactly("A  BBBB", "a", "");
    }

    @Test
    void withoutRowsThereIsTheHead() {
        assertThat(new TextTable("A", "B").lines()).containsExactly("A  B");
    }
}
