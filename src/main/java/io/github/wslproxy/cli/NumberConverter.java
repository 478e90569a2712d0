package io.github.wslproxy.cli;

import io.github.wslproxy.os.SafeText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers on the command line. */
final class NumberConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("\"" + SafeText.escaped(text) + "\" is not a whole number");
        }
    }
}
