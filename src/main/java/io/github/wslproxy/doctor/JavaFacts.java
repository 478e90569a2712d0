package io.github.wslproxy.doctor;

/**
 * What there is to know of the Java that runs this.
 *
 * @param feature 17 for Java 17.0.9
 */
record JavaFacts(int feature, String version, String home) {

    static JavaFacts ofThisProcess() {
        return new JavaFacts(
                Runtime.version().feature(),
                System.getProperty("java.version", ""),
                System.getProperty("java.home", ""));
    }
}
