package dev.hearth.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.Alert;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoAlertPresentException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/// Debian's Chromium without a window, in a profile of its own.
///
/// {@snippet lang=java :
/// try (Browser browser = Browser.open()) {
///     browser.go(nginx.uri("/operator"));
///     browser.type("name", "anna").click("button.main");
/// }
/// }
public final class Browser implements AutoCloseable {
    private static final File PROGRAM = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /// Opens one. Skips the test where Chromium or its driver is not installed.
    public static Browser open() {
        Assumptions.assumeTrue(PROGRAM.canExecute() && DRIVER.canExecute(), "no chromium");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(PROGRAM);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--window-size=1280,900");
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER)
                        .usingAnyFreePort()
                        .withEnvironment(Map.of("SE_OFFLINE", "true"))
                        .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(30));
        return new Browser(driver);
    }

    public Browser go(URI address) {
        driver.get(address.toString());
        return this;
    }

    /// Types into the field of this name, in place of what stands there.
    public Browser type(String name, String text) {
        WebElement field = driver.findElement(By.name(name));
        field.clear();
        field.sendKeys(text);
        return this;
    }

    /// Clicks the first element of a CSS selector, and on through the question that may follow.
    public Browser click(String selector) {
        clickOn(By.cssSelector(selector));
        try {
            driver.switchTo().alert().accept();
        } catch (NoAlertPresentException _) {
            // Nothing was asked.
        }
        return this;
    }

    /// Presses a key, wherever the focus is.
    public Browser press(CharSequence key) {
        new Actions(driver).sendKeys(key).perform();
        return this;
    }

    /// The question that is being asked, answered with no.
    public String refuse() {
        Alert question = driver.switchTo().alert();
        String text = question.getText();
        question.dismiss();
        return text;
    }

    /// Clicks the link with this text.
    public Browser follow(String link) {
        clickOn(By.partialLinkText(link));
        return this;
    }

    /// Looks again where a live list has replaced the element since it was found.
    private void clickOn(By what) {
        for (int tries = 1; ; tries++) {
            try {
                driver.findElement(what).click();
                return;
            } catch (StaleElementReferenceException replaced) {
                if (tries == 10) {
                    throw replaced;
                }
            }
        }
    }

    /// What a person reads.
    public String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    public String path() {
        return URI.create(String.valueOf(driver.getCurrentUrl())).getPath();
    }

    public List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /// What a script gives.
    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /// As [#run], for a script that calls its last argument when it is done.
    public Object runLater(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        return driver.executeAsyncScript(script, arguments);
    }

    /// What the browser complained of since it was last asked.
    public List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    /// Shows pages as in a room that is dark, or light.
    public Browser inTheDark(boolean dark) {
        return preferring("prefers-color-scheme", dark ? "dark" : "light");
    }

    /// Shows pages to someone who has asked the system to keep things still.
    public Browser keptStill() {
        return preferring("prefers-reduced-motion", "reduce");
    }

    private Browser preferring(String what, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", what, "value", value))));
        return this;
    }

    /// Makes the window so wide. A window itself has a least width; what the page sees has none.
    public Browser wide(int pixels) {
        driver.manage().window().setSize(new Dimension(Math.max(500, pixels), 900));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        pixels,
                        "height",
                        900,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        pixels < 600));
        return this;
    }

    /// The value of a cookie, or nothing.
    public String cookie(String name) {
        var cookie = driver.manage().getCookieNamed(name);
        return cookie == null ? "" : cookie.getValue();
    }

    /// Keeps a picture of the page.
    public Browser picture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        return this;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
