import io.camunda.zeebe.exporter.api.Exporter;
import io.camunda.zeebe.exporter.api.context.Context;
import io.camunda.zeebe.exporter.api.context.Controller;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Appends every record that the broker exports as one line of JSON to the file in its argument {@code file}. */
public final class JsonLinesExporter implements Exporter {
  private Controller controller;
  private OutputStream out;
  private String file;

  @Override
  public void configure(Context context) {
    file = String.valueOf(context.getConfiguration().getArguments().get("file"));
    context.setFilter(new Context.RecordFilter() {
      @Override
      public boolean acceptType(RecordType type) {
        return true;
      }

      @Override
      public boolean acceptValue(ValueType type) {
        return true;
      }
    });
  }

  @Override
  public void open(Controller controller) {
    this.controller = controller;
    try {
      out = new FileOutputStream(file, true);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public void export(Record<?> record) {
    try {
      out.write((record.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    controller.updateLastExportedRecordPosition(record.getPosition());
  }

  @Override
  public void close() {
    try {
      if (out != null) out.close();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
