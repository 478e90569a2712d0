package io.github.wslproxy.bench.compare.row;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.FailedRunException;
import java.io.IOException;

/** Something that may fail for one program without stopping the others. */
interface Attempt {
    void run() throws IOException, InterruptedException;

    /** Runs it unless the program is out already, which it is afterwards if this fails. */
    static void of(Column column, Sheet sheet, Attempt attempt) throws InterruptedException {
        if (!sheet.takesPart(column)) {
            return;
        }
        try {
            attempt.run();
        } catch (FailedRunException e) {
            sheet.fail(column, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            sheet.fail(column, e.toString());
        }
    }
}
