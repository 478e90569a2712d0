package io.github.wslproxy.bench;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Small charts in rows and columns, as one SVG or PNG. Needs no display. */
public final class Picture {
    private static final int COLUMNS = 2;
    private static final int WIDTH = 480;
    private static final int HEIGHT = 230;
    private static final int TITLE_HEIGHT = 32;
    private static final int TITLE_SIZE = 14;

    /** More points than a chart has pixels only make the file larger. */
    private static final int MOST_POINTS = 240;

    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color[] COLOURS = {new Color(0x1f, 0x77, 0xb4), new Color(0xd6, 0x27, 0x28)};

    private final String title;
    private final List<XYChart> charts = new ArrayList<>();

    public Picture(String title) {
        this.title = title;
    }

    /** Values over time. Both lists are of one length. */
    public record Curve(String name, List<Double> x, List<Double> y) {}

    /**
     * Adds one behind the others.
     *
     * @param curves one or two, of one unit
     */
    public void addChart(String title, String xTitle, List<Curve> curves) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setChartFontColor(INK)
                .setLegendVisible(curves.size() > 1)
                .setLegendPosition(Styler.LegendPosition.InsideNW)
                .setSeriesColors(COLOURS);
        chart.getStyler().setYAxisMin(0.0).setPlotGridVerticalLinesVisible(false);
        for (Curve curve : curves) {
            Curve thinned = thinned(curve);
            XYSeries series = chart.addSeries(thinned.name(), thinned.x(), thinned.y());
            series.setMarker(SeriesMarkers.NONE).setLineWidth(1);
        }
        charts.add(chart);
    }

    /**
     * Draws it.
     *
     * @param file its ending chooses the format: {@code .png}, else SVG
     */
    public void write(Path file) throws IOException {
        int width = COLUMNS * WIDTH;
        int height = TITLE_HEIGHT + (charts.size() + COLUMNS - 1) / COLUMNS * HEIGHT;
        if (file.toString().endsWith(".png")) {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            paint(image.createGraphics(), width, height);
            ImageIO.write(image, "png", file.toFile());
            return;
        }
        VectorGraphics2D commands = new VectorGraphics2D();
        paint(commands, width, height);
        try (var out = Files.newOutputStream(file)) {
            new SVGProcessor()
                    .getDocument(commands.getCommands(), new PageSize(width, height))
                    .writeTo(out);
        }
    }

    private void paint(Graphics2D on, int width, int height) {
        on.setColor(Color.WHITE);
        on.fillRect(0, 0, width, height);
        on.setColor(INK);
        on.setFont(new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE));
        on.drawString(title, TITLE_SIZE, TITLE_HEIGHT - TITLE_SIZE / 2);
        for (int i = 0; i < charts.size(); i++) {
            Graphics2D place = (Graphics2D) on.create();
            place.translate(i % COLUMNS * WIDTH, TITLE_HEIGHT + i / COLUMNS * HEIGHT);
            charts.get(i).paint(place, WIDTH, HEIGHT);
            place.dispose();
        }
    }

    /** Each point becomes the highest of its neighbours, so that no peak is lost. */
    private static Curve thinned(Curve curve) {
        int step = Math.max(1, (curve.x().size() + MOST_POINTS - 1) / MOST_POINTS);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int from = 0; from < curve.x().size(); from += step) {
            int to = Math.min(from + step, curve.x().size());
            x.add(curve.x().get(from));
            y.add(curve.y().subList(from, to).stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0));
        }
        return new Curve(curve.name(), x, y);
    }
}
