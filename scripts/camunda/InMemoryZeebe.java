package io.camunda.zeebe.process.test.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.protocol.impl.encoding.MsgPackConverter;
import io.camunda.zeebe.protocol.impl.record.RecordMetadata;
import io.camunda.zeebe.protocol.impl.record.value.usertask.UserTaskRecord;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import io.camunda.zeebe.protocol.record.intent.UserTaskIntent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A real Zeebe engine in memory behind its gRPC gateway, for tests. The gateway has no user tasks and no search, so a control
 * port on 127.0.0.1 adds what a test needs: GET /records?from=POSITION (JSON lines), POST /clock?ms=N (moves the engine's clock),
 * POST /user-tasks/KEY/completion (body: variables as JSON), POST /user-tasks/KEY/assignment (body: assignee), GET /health.
 * Arguments: gRPC port, control port.
 *
 * <p>Lies in the engine's own package because commands without a gRPC call are written straight to its log.
 */
public final class InMemoryZeebe {
  public static void main(String[] arguments) throws Exception {
    ZeebeTestEngine engine = EngineFactory.create(Integer.parseInt(arguments[0]));
    engine.start();
    CommandWriter writer = commandWriter(engine);

    HttpServer control = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])), 0);
    control.createContext("/health", exchange -> answer(exchange, "ok"));
    control.createContext("/clock", exchange -> {
      engine.increaseTime(Duration.ofMillis(parameter(exchange, "ms")));
      answer(exchange, "ok");
    });
    control.createContext("/records", exchange -> {
      long from = parameter(exchange, "from");
      StringBuilder lines = new StringBuilder();
      for (var record : engine.getRecordStreamSource().getRecords()) {
        if (record.getPosition() >= from) lines.append(record.toJson()).append('\n');
      }
      answer(exchange, lines.toString());
    });
    control.createContext("/user-tasks/", exchange -> {
      String[] path = exchange.getRequestURI().getPath().split("/");
      long key = Long.parseLong(path[2]);
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean completion = path[3].equals("completion");
      UserTaskRecord task = new UserTaskRecord().setUserTaskKey(key).setAction(completion ? "complete" : "assign");
      if (completion) {
        task.setVariables(new UnsafeBuffer(MsgPackConverter.convertToMsgPack(body)));
      } else {
        task.setAssignee(body);
      }
      writer.writeCommandWithKey(key, task,
          new RecordMetadata().recordType(RecordType.COMMAND).valueType(ValueType.USER_TASK)
              .intent(completion ? UserTaskIntent.COMPLETE : UserTaskIntent.ASSIGN));
      answer(exchange, "ok");
    });
    control.start();
    Thread.currentThread().join();
  }

  private static CommandWriter commandWriter(ZeebeTestEngine engine) throws ReflectiveOperationException {
    var gateway = InMemoryEngine.class.getDeclaredField("gateway");
    gateway.setAccessible(true);
    var writer = GrpcToLogStreamGateway.class.getDeclaredField("writer");
    writer.setAccessible(true);
    return (CommandWriter) writer.get(gateway.get(engine));
  }

  private static long parameter(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getQuery();
    return query != null && query.startsWith(name + "=") ? Long.parseLong(query.substring(name.length() + 1)) : 0;
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
