package io.github.wslproxy.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which of the forty cases a forwarder has to survive a test proves; they are named in {@code cases.txt}. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Case {
    /** Numbers from 1 to 40. */
    int[] value();
}
