package io.github.wslproxy.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Charts below each other over one axis of time, as an SVG or PNG. Needs no display. */
public final class Picture {
    private static final int WIDTH = 860;
    private static final int CHART_HEIGHT = 105;
    private static final int MARGINS_HEIGHT = 100;

    /** More points than a chart has room for only make the file larger. */
    private static final int MOST_POINTS = 400;

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 11);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color[] COLOURS = {new Color(0x1f, 0x77, 0xb4), new Color(0xd6, 0x27, 0x28)};

    private final String title;
    private final CombinedDomainXYPlot charts;
    private final LegendItemCollection legend = new LegendItemCollection();

    /** Values over time. Both lists are of one length. */
    public record Curve(String name, List<Double> x, List<Double> y) {}

    /**
     * One without charts.
     *
     * @param time the unit of all x
     */
    public Picture(String title, String time) {
        this.title = title;
        NumberAxis axis = axis(time);
        axis.setUpperMargin(0);
        charts = new CombinedDomainXYPlot(axis);
        charts.setGap(8);
    }

    /**
     * Adds one below the others.
     *
     * @param unit what is drawn, with its unit
     * @param curves one or two, named alike in all charts
     */
    public void addChart(String unit, List<Curve> curves) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        for (int i = 0; i < curves.size(); i++) {
            data.addSeries(thinned(curves.get(i)));
            renderer.setSeriesPaint(i, COLOURS[i]);
            renderer.setSeriesStroke(i, new BasicStroke(1));
            if (legend.getItemCount() == i) {
                LegendItem item = new LegendItem(curves.get(i).name(), COLOURS[i]);
                item.setLabelFont(TEXT);
                legend.add(item);
            }
        }
        XYPlot chart = new XYPlot(data, null, axis(unit), renderer);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setRangeGridlinePaint(Color.LIGHT_GRAY);
        chart.setDomainGridlinesVisible(false);
        charts.add(chart);
    }

    private static NumberAxis axis(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setLabelFont(TEXT);
        axis.setTickLabelFont(TEXT);
        axis.setLabelPaint(INK);
        axis.setTickLabelPaint(INK);
        return axis;
    }

    /**
     * Draws it.
     *
     * @param file its ending chooses the format: {@code .png}, else SVG
     */
    public void write(Path file) throws IOException {
        charts.setFixedLegendItems(legend);
        JFreeChart chart = new JFreeChart(title, TITLE, charts, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setPaint(INK);
        int height = MARGINS_HEIGHT + CHART_HEIGHT * charts.getSubplots().size();
        write(chart, WIDTH, height, file);
    }

    /**
     * Draws any chart.
     *
     * @param file its ending chooses the format: {@code .png}, else SVG
     */
    public static void write(JFreeChart chart, int width, int height, Path file) throws IOException {
        if (file.toString().endsWith(".png")) {
            ChartUtils.saveChartAsPNG(file.toFile(), chart, width, height);
            return;
        }
        SVGGraphics2D svg = svg();
        svg.setSVGCanvasSize(new Dimension(width, height));
        chart.draw(svg, new Rectangle2D.Double(0, 0, width, height));
        try (var out = Files.newBufferedWriter(file)) {
            svg.stream(out, true);
        }
    }

    private static SVGGraphics2D svg() {
        try {
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument());
            context.setPrecision(1);
            context.setComment("");
            return new SVGGraphics2D(context, false);
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Each point becomes the highest of its neighbours, so that no peak is lost. */
    private static XYSeries thinned(Curve curve) {
        XYSeries series = new XYSeries(curve.name());
        int step = Math.max(1, (curve.x().size() + MOST_POINTS - 1) / MOST_POINTS);
        for (int from = 0; from < curve.x().size(); from += step) {
            int to = Math.min(from + step, curve.x().size());
            series.add(
                    curve.x().get(from).doubleValue(),
                    curve.y().subList(from, to).stream()
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(0));
        }
        return series;
    }
}
