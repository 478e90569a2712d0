package io.github.wslproxy.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, and what it notes of the page in it: each request, and each line of its console. */
public final class Browser implements AutoCloseable {
    /** Why there is none, for who skips a test. */
    public static final String MISSING = "needs Chromium and its driver (apt-get install chromium chromium-driver)";

    private static final Path PICTURES = Path.of("target", "pictures");

    private final ChromeDriver driver;
    private final List<String> requests = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    public static boolean isThere() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    /** Needs one to be there; {@code options} come on top of those that every test needs. */
    public static Browser start(String... options) {
        ChromeOptions chrome = new ChromeOptions();
        chrome.setBinary(program("chromium").orElseThrow());
        chrome.addArguments(
                "--headless=new",
                "--no-sandbox", // Tests may run as root, which has no other way.
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
                "--no-first-run",
                "--no-proxy-server",
                "--lang=en-GB");
        chrome.addArguments(options);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.ALL);
        logs.enable("performance", Level.ALL);
        chrome.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").orElseThrow())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, chrome));
        browser.size(1440, 900);
        return browser;
    }

    private static Optional<File> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name))
                .filter(File::canExecute)
                .findFirst();
    }

    public void open(String url) {
        driver.get(url);
    }

    public String url() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** What is to be read there; empty if there is no such element, or it is not shown. */
    public String text(String css) {
        List<WebElement> elements = all(css);
        return elements.isEmpty() ? "" : elements.get(0).getText();
    }

    public void click(String css) {
        find(css).click();
    }

    /** The element that has the focus. */
    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /**
     * Runs a script in the page and gives what it returns: a Boolean, Long, Double, String, List or Map; "" for null.
     */
    public Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    /** As a screen of that many CSS pixels, each one pixel. */
    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Whether pages run scripts. */
    public void scripts(boolean run) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !run));
    }

    /** Runs a script in each page that is opened from now on, before those of the page. */
    public void beforeEachPage(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Another tab comes to the front, or the first one again. */
    public void cover() {
        driver.switchTo().newWindow(WindowType.TAB);
    }

    public void uncover() {
        driver.close();
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
    }

    /** Lines of the console that tell of an error or a warning since this was asked last. */
    public List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The URLs that pages have asked for so far, oldest first. */
    public List<String> requests() {
        for (LogEntry entry : driver.manage().logs().get("performance").getAll()) {
            JsonObject message = object(JsonParser.parseString(entry.getMessage()), "message");
            if (message.get("method").getAsString().equals("Network.requestWillBeSent")) {
                requests.add(
                        object(object(message, "params"), "request").get("url").getAsString());
            }
        }
        return List.copyOf(requests);
    }

    /** Breaches of WCAG A and AA that axe-core finds: each as its rule and the elements. */
    public List<String> inaccessible() throws IOException {
        try (InputStream axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = driver.executeAsyncScript(
                "const done = arguments[0];"
                        + "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(result =>"
                        + "done(result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))))");
        List<String> breaches = new ArrayList<>();
        for (Object breach : (List<?>) Objects.requireNonNull(found)) {
            breaches.add(String.valueOf(breach));
        }
        return breaches;
    }

    /** The whole page as a PNG in {@code target/pictures}. */
    public Path picture(String name, int width) throws IOException {
        return picture(name, width, Integer.MAX_VALUE);
    }

    /** The page, down to {@code most} pixels. */
    public Path picture(String name, int width, int most) throws IOException {
        size(width, 800);
        long height = (Long) run("return document.documentElement.scrollHeight");
        size(width, (int) Math.min(height, most));
        Files.createDirectories(PICTURES);
        Path file = PICTURES.resolve(name);
        writeSmall(ImageIO.read(new ByteArrayInputStream(driver.getScreenshotAs(OutputType.BYTES))), file);
        return file;
    }

    /** The browser is quick instead, and leaves files of twice the size. */
    private static void writeSmall(BufferedImage picture, Path file) throws IOException {
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        opaque.createGraphics().drawImage(picture, 0, 0, null);
        ImageWriter png = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam smallest = png.getDefaultWriteParam();
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0);
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            png.setOutput(out);
            png.write(null, new IIOImage(opaque, null, null), smallest);
        } finally {
            png.dispose();
        }
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static JsonObject object(JsonElement parent, String name) {
        return parent.getAsJsonObject().getAsJsonObject(name);
    }
}
