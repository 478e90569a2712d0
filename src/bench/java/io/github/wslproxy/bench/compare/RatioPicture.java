package io.github.wslproxy.bench.compare;

import io.github.wslproxy.bench.Picture;
import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Line;
import io.github.wslproxy.bench.compare.figure.Ratio;
import io.github.wslproxy.bench.compare.figure.Rival;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.data.Range;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.general.DatasetUtils;

/**
 * The ratios of all figures that have one, as dots on a logarithmic axis: right of 1 wslproxy is better. What is noise is
 * left out, as in the table.
 */
final class RatioPicture {
    private static final int WIDTH = 860;
    private static final int LINE_HEIGHT = 18;
    private static final int MARGINS_HEIGHT = 120;
    private static final int DOT = 7;

    /** Beyond the outermost dots. */
    private static final double MARGIN = 1.1;

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 11);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color[] COLOURS = {new Color(0x1f, 0x77, 0xb4), new Color(0xd6, 0x27, 0x28)};
    private static final Shape[] SHAPES = {
        new Ellipse2D.Double(-DOT / 2.0, -DOT / 2.0, DOT, DOT), new Rectangle2D.Double(-DOT / 2.0, -DOT / 2.0, DOT, DOT)
    };

    private final String title;
    private final DefaultCategoryDataset ratios = new DefaultCategoryDataset();
    private final LineAndShapeRenderer dots = new LineAndShapeRenderer(false, true);
    private final List<Series> series;

    /** Ratios to one rival. Colours tell rivals apart, shapes the Javas. */
    private record Series(Column ours, Rival rival, Color colour, Shape shape) {
        String name() {
            return ours.name() + " / " + rival.title();
        }

        Optional<Ratio> in(Line line) {
            return line.ratio(ours, rival).filter(Ratio::isMeaningful);
        }
    }

    /** @param when in which run */
    RatioPicture(String when, List<Line> lines) {
        title = "wslproxy and others, " + when + ": right of 1 it is better; ratios that are noise are left out";
        series = series(lines);
        lines.stream()
                .filter(line -> series.stream().anyMatch(one -> one.in(line).isPresent()))
                .forEach(this::add);
        for (int i = 0; i < series.size(); i++) {
            dots.setSeriesPaint(i, series.get(i).colour());
            dots.setSeriesShape(i, series.get(i).shape());
        }
    }

    /** Draws it; see {@link Picture#write(JFreeChart, int, int, Path)}. */
    void write(Path file) throws IOException {
        CategoryPlot plot = new CategoryPlot(ratios, figures(), axis(), dots);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.addRangeMarker(new ValueMarker(1, INK, new BasicStroke(1)));
        plot.setNoDataMessage("no ratio that means anything");
        JFreeChart chart = new JFreeChart(title, TITLE, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setPaint(INK);
        chart.getLegend().setItemFont(TEXT);
        Picture.write(chart, WIDTH, MARGINS_HEIGHT + LINE_HEIGHT * ratios.getColumnCount(), file);
    }

    private void add(Line line) {
        String figure = line.row() + ": " + line.figure().name();
        for (Series one : series) {
            Double ratio = one.in(line).map(Ratio::median).orElse(null);
            ratios.addValue(ratio, one.name(), figure);
        }
    }

    private static CategoryAxis figures() {
        CategoryAxis axis = new CategoryAxis();
        axis.setTickLabelFont(TEXT);
        axis.setTickLabelPaint(INK);
        axis.setMaximumCategoryLabelWidthRatio(0.4f);
        return axis;
    }

    private LogAxis axis() {
        LogAxis axis = new LogAxis("ratio");
        axis.setBase(2);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        Range all = Range.combine(DatasetUtils.findRangeBounds(ratios), new Range(0.5, 2));
        axis.setRange(all.getLowerBound() / MARGIN, all.getUpperBound() * MARGIN);
        axis.setLabelFont(TEXT);
        axis.setTickLabelFont(TEXT);
        axis.setLabelPaint(INK);
        axis.setTickLabelPaint(INK);
        return axis;
    }

    private static List<Series> series(List<Line> lines) {
        List<Series> series = new ArrayList<>();
        List<Column> ours = lines.stream()
                .flatMap(line -> line.cells().keySet().stream())
                .filter(column -> column.kind() == Column.Kind.OURS)
                .distinct()
                .toList();
        for (int i = 0; i < ours.size(); i++) {
            Shape shape = SHAPES[i % SHAPES.length];
            series.add(new Series(ours.get(i), Rival.BEST_COPIER, COLOURS[0], shape));
            series.add(new Series(ours.get(i), Rival.DOCKER_PROXY, COLOURS[1], shape));
        }
        return series;
    }
}
